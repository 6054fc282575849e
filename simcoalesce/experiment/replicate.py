"""Replications: the same scenario under many seeds, and what they say together."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from simcoalesce.conditions.condition import Condition
from simcoalesce.cost.mean_bill import mean_usage
from simcoalesce.experiment.coordinated_omission import omission_notes
from simcoalesce.experiment.metric_values import (
    MetricValues,
    certain_metrics,
    measured,
    run_bills,
)
from simcoalesce.experiment.platform_warnings import platform_warnings
from simcoalesce.experiment.precision import (
    MOST_REPLICATIONS,
    is_asked_after,
    is_reached,
    parse_precision,
)
from simcoalesce.experiment.prediction_note import prediction_note
from simcoalesce.experiment.result import Result
from simcoalesce.experiment.selected_tallies import tally_of
from simcoalesce.experiment.single_run import run
from simcoalesce.experiment.size import check_size, expected_requests
from simcoalesce.experiment.sweeps.cluster import tally_on
from simcoalesce.metrics import Tally
from simcoalesce.metrics.tally import REQUESTS
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.drawn import drawn
from simcoalesce.scenario.scenario import Scenario

ROWS: Final = 2_000_000
"""Rows that are kept unless all are asked for; they take about 250 bytes each."""

OnReplication = Callable[[float, int], None]
"""Called with how many replications are done, and of how many."""


def replicate(  # noqa: PLR0913 - one argument for each thing that a user may say
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    until: Condition | str | None = None,
    rows: int | None = ROWS,
    shards: int | None = None,
    on: str = "here",
    rare_ratio: float | None = None,
    on_replication: OnReplication | None = None,
) -> Result:
    """Simulate a scenario under consecutive seeds: what ``simcoalesce run`` shows.

    Variants under the same seeds share arrivals and random streams: they are paired.

    Args:
        scenario: What to simulate.
        replications: How many runs; the scenario's own number if absent.
        seed: Seed of the first run; the i-th has seed + i.
        until: How well a metric must be known, e.g. ``origin_hits within 2%``, or what
            must be decided, ``share(errors > 0) <= 1%``; then `replications`, or ten
            thousand, are the most.
        rows: Of how many requests of the first run rows are kept; None for all.
        shards: Into how many parts to cut the keys of a long run, if they share
            nothing; by default as many as there are cores to spare.
        on: Where the parts run: ``here``, ``dask-local`` or ``dask://HOST:PORT``.
        rare_ratio: As for `Statement.evaluation`.
        on_replication: Called after each run, and now and then within a long one.

    Returns:
        The estimates. After an interrupt, those of the runs that were complete.

    Raises:
        KeyboardInterrupt: If no run was complete.
        ValueError: If an argument or a file that the scenario names is wrong, or the
            run is too large for this machine.

    Example:
        >>> sale = Scenario.load("scenarios/flash-sale-9pm.yaml@per-key")
        >>> replicate(sale, replications=2).estimates["origin_hits"].mean
        5.0
    """
    check_size(scenario, all_rows=rows is None)
    wanted = None if until is None else parse_precision(until)
    scenario = scenario.with_metrics(*(wanted.names if wanted else ()))
    most = _most(scenario, replications, wanted)
    runs = _Runs(scenario, rows=rows, tally_of=tally_on(on, scenario, shards))
    runs.simulate(seed, most, wanted, on_replication or (lambda _done, _of: None))
    return runs.result(rare_ratio)


def _most(scenario: Scenario, replications: int | None, until: Condition | None) -> int:
    default = MOST_REPLICATIONS if until else scenario.replications
    most = default if replications is None else replications
    if most < 1:
        raise ValueError("replications must be at least 1")
    return most


class _Runs:
    """What is kept of each run: its metrics and its usage; of the first one, all."""

    def __init__(
        self, scenario: Scenario, *, rows: int | None, tally_of: Callable[..., Tally]
    ) -> None:
        self._scenario = scenario
        self._terms = scenario.load_bill_terms()
        self._prorated = self._terms.prorated()
        self._rows = rows
        self._tally_of = tally_of
        self._first: Outcomes | None = None
        self._usages: list[Mapping[str, float]] = []
        self._measured: list[Mapping[str, float | None]] = []
        self._seed, self._wanted = scenario.seed, 0

    def simulate(
        self, seed: int | None, most: int, until: Condition | None, told: OnReplication
    ) -> None:
        """Simulate until a metric is known well enough, or so many runs are done."""
        self._seed = self._scenario.seed if seed is None else seed
        self._wanted = most
        try:
            for number in range(most):
                self._add(number, most, told)
                told(number + 1, most)
                if until and is_asked_after(number + 1) and self._is_known(until):
                    self._wanted = number + 1
                    break
        except KeyboardInterrupt:
            if not self._measured:
                raise

    def _add(self, number: int, most: int, told: OnReplication) -> None:
        """Simulate a run, and measure it."""

        def on_part(share: float) -> None:
            if share < 1:
                told(number + share, most)

        tally = self._tally(self._seed + number, most - number, on_part)
        self._usages.append(tally.usage)
        self._measured.append(measured(tally, self._prorated.bill(tally.usage)))

    def _tally(
        self, seed: int, repeats: int, on_part: Callable[[float], None]
    ) -> Tally:
        scenario, rows = drawn(self._scenario, seed), self._rows
        expected = expected_requests(scenario)
        if self._first is None and (rows is None or expected <= rows):
            self._first = run(scenario, seed=seed, repeats=repeats)
            return tally_of(scenario, self._first)
        tally = self._tally_of(
            scenario,
            seed=seed,
            repeats=repeats,
            on_requests=lambda made: on_part(made / max(expected, made, 1)),
        )
        if self._first is None:
            self._first = run(scenario, seed=seed, repeats=repeats, most=rows)
            if rows is not None and tally[REQUESTS] > rows:
                self._first = _with_note(self._first, rows)
        return tally

    def _values(self) -> MetricValues:
        certain = certain_metrics(self._scenario)
        bills = run_bills(self._terms, self._usages, self._measured)
        no_verdict = self._first.no_verdict if self._first else ""
        return MetricValues.of(self._seed, self._measured, certain, bills, no_verdict)

    def _is_known(self, until: Condition) -> bool:
        return is_reached(until, self._values().subject)

    def result(self, rare_ratio: float | None = None) -> Result:
        """Return what the runs so far say together."""
        assert self._first is not None, "there is a run"
        values, scenario = self._values(), self._scenario
        bill = self._terms.bill(mean_usage(self._usages))
        estimates = values.estimates()
        foretold = prediction_note(estimates) if scenario.draw_uncertain else ""
        return Result(
            scenario=scenario,
            seed=self._seed,
            replications=len(self._measured),
            estimates=estimates,
            outcomes=self._first,
            bill=bill,
            expectations=tuple(
                expected.verdict(values.subject, rare_ratio).unless(values.no_verdict)
                for expected in scenario.expect
            ),
            warnings=(
                *scenario.warnings,
                *filter(None, [foretold]),
                *self._first.warnings,
                *bill.warnings,
                *platform_warnings(scenario, self._first),
                *omission_notes(scenario, self._seed, self._measured[0], self._first),
            ),
            complete=len(self._measured) == self._wanted,
            no_verdict=values.no_verdict,
            measured=values,
        )


def _with_note(outcomes: Outcomes, rows: int) -> Outcomes:
    """Say what is only of the first requests."""
    note = f"charts and rows show the first {rows:,} requests; the metrics are of all"
    return replace(outcomes, warnings=(*outcomes.warnings, note))
