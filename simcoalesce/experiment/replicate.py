"""Replications: the same scenario under many seeds, and what they say together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import fsum
from typing import Final

from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PriceList
from simcoalesce.experiment.estimate import estimates
from simcoalesce.experiment.platform_warnings import platform_warnings
from simcoalesce.experiment.precision import MOST_REPLICATIONS, Precision
from simcoalesce.experiment.result import Result
from simcoalesce.experiment.run import run, run_tally
from simcoalesce.metrics import Tally, measure
from simcoalesce.metrics.tally import REQUESTS
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario

ROWS: Final = 2_000_000
"""Rows that are kept unless all are asked for; they take about 250 bytes each."""


def replicate(  # noqa: PLR0913 - one argument for each thing that a user may say
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    until: Precision | None = None,
    rows: int = ROWS,
    count: Callable[..., Tally] = run_tally,
    on_replication: Callable[[float, int], None] | None = None,
) -> Result:
    """Simulate a scenario under consecutive seeds.

    Two variants with the same seeds meet the same clients with the same luck, so
    their results can be compared pair by pair.

    Args:
        scenario: What to simulate.
        replications: How many runs; the scenario's own number if absent.
        seed: Seed of the first run; the i-th has seed + i.
        until: How well a metric must be known: no more runs than that takes. Without a
            number of replications, ten thousand is where it ends.
        rows: Of how many requests of the first run rows are kept; metrics are of all.
        count: What counts a run without rows, as `tally` does: with more shards, or on
            a cluster. It changes no count.
        on_replication: Called after each run, and now and then within a long one, with
            how many are done, and of how many.

    Returns:
        The estimates. After an interrupt, those of the runs that were complete.

    Raises:
        KeyboardInterrupt: If no run was complete.
        ValueError: If no run is wanted, or a file that the scenario names is wrong.
    """
    first = scenario.seed if seed is None else seed
    wanted = _wanted(scenario, replications, until)
    told = on_replication or _untold
    runs = _Runs(scenario, rows=rows, count=count)
    try:
        for number in range(wanted):
            told_part = partial(_told_part, told, number, wanted)
            runs.add(first + number, repeats=wanted - number, on_part=told_part)
            told(number + 1, wanted)
            if until is not None and until.is_reached(runs.measured):
                wanted = number + 1
                break
    except KeyboardInterrupt:
        if not runs.measured:
            raise
    return runs.result(seed=first, wanted=wanted)


def _wanted(
    scenario: Scenario, replications: int | None, until: Precision | None
) -> int:
    default = MOST_REPLICATIONS if until else scenario.replications
    wanted = default if replications is None else replications
    if wanted < 1:
        raise ValueError("replications must be at least 1")
    return wanted


class _Runs:
    """What is kept of each run: its metrics and its usage; of the first one, all."""

    def __init__(
        self, scenario: Scenario, *, rows: int, count: Callable[..., Tally]
    ) -> None:
        self._scenario = scenario
        self._prices = PriceList.load(scenario.price_list, folder=scenario.folder)
        self._rows = rows
        self._count = count
        self._first: Outcomes | None = None
        self._usages: list[Mapping[str, float]] = []
        self.measured: list[Mapping[str, float | None]] = []

    def add(self, seed: int, *, repeats: int, on_part: Callable[[float], None]) -> None:
        """Simulate a run, and measure it."""
        counted = self._counted(seed, repeats, on_part)
        bill = self._bill(counted.usage)
        self._usages.append(counted.usage)
        self.measured.append(
            measure(
                counted,
                cost_usd=bill.cost_usd,
                cost_month_usd=bill.cost_month_usd,
            )
        )

    def _counted(
        self, seed: int, repeats: int, on_part: Callable[[float], None]
    ) -> Tally:
        scenario = self._scenario
        expected = scenario.traffic.expected_requests(scenario.duration_ns)
        if self._first is None and expected <= self._rows:
            self._first = run(scenario, seed=seed, repeats=repeats)
            return Tally.of(self._first)
        counted = self._count(
            scenario,
            seed=seed,
            repeats=repeats,
            on_requests=lambda made: on_part(made / max(expected, made)),
        )
        if self._first is None:
            self._first = run(scenario, seed=seed, repeats=repeats, most=self._rows)
            if counted.counts[REQUESTS] > self._rows:
                self._first = _with_note(self._first, self._rows)
        return counted

    def result(self, *, seed: int, wanted: int) -> Result:
        """Return what the runs so far say together."""
        assert self._first is not None, "there is a run"
        values = estimates(self.measured)
        bill = self._bill(_mean(self._usages))
        scenario = self._scenario
        return Result(
            scenario=scenario,
            seed=seed,
            replications=len(self.measured),
            estimates=values,
            outcomes=self._first,
            bill=bill,
            expectations=tuple(
                expected.judge(values[expected.that.metric])
                for expected in scenario.expect
            ),
            warnings=(
                *scenario.warnings,
                *self._first.warnings,
                *bill.warnings,
                *platform_warnings(scenario, self._first),
            ),
            complete=len(self.measured) == wanted,
        )

    def _bill(self, usage: Mapping[str, float]) -> Bill:
        return Bill.of(usage, self._prices, events=self._scenario.runs_per_month)


def _mean(usages: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {
        unit: fsum(usage[unit] for usage in usages) / len(usages) for unit in usages[0]
    }


def _with_note(outcomes: Outcomes, rows: int) -> Outcomes:
    """Say what is only of the first requests."""
    note = f"charts and rows show the first {rows:,} requests; the metrics are of all"
    return replace(outcomes, warnings=(*outcomes.warnings, note))


def _untold(done: float, of: int) -> None:
    """Tell nobody."""


def _told_part(
    told: Callable[[float, int], None], number: int, wanted: int, part: float
) -> None:
    """Tell how much of a run is done, as a share of a replication, until it is done."""
    if part < 1:
        told(number + part, wanted)
