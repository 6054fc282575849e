"""Metric values: every metric of every replication, one by one, so that runs pair."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from simcoalesce.conditions.condition import Statement
from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PriceList
from simcoalesce.experiment.single_run import run_tally
from simcoalesce.experiment.traffic_cache import TrafficCache
from simcoalesce.metrics import METRICS, Tally, measure
from simcoalesce.scenario.scenario import Scenario

Values = tuple[float | None, ...]
"""A metric in each replication; None where it does not exist."""


@dataclass(frozen=True)
class MetricValues:
    """What each replication of one scenario measured.

    Attributes:
        seed: Seed of the first replication; the i-th had seed + i.
        values: Every metric by name, each with a value for each replication.
    """

    seed: int
    values: Mapping[str, Values]

    @classmethod
    def of(cls, seed: int, runs: Sequence[Mapping[str, float | None]]) -> Self:
        """Return what some runs under consecutive seeds measured."""
        return cls(seed, {name: tuple(run[name] for run in runs) for name in METRICS})

    @property
    def replications(self) -> int:
        """How many runs were measured."""
        return len(next(iter(self.values.values()), ()))

    def estimates(self) -> dict[str, Estimate]:
        """Return mean and 95 % interval of every metric."""
        return {name: self.estimate(name) for name in METRICS}

    def estimate(self, metric: str) -> Estimate:
        """Return mean and 95 % interval of a metric.

        Raises:
            KeyError: If there is no such metric.
        """
        known = METRICS[metric]
        return estimate(self.values[metric], unit=known.unit, missing=known.missing)

    def subject(
        self, statement: Statement, *, base: "MetricValues | None" = None
    ) -> Estimate:
        """Return mean and 95 % interval of what a statement is about.

        Args:
            statement: What is said of these runs.
            base: The runs, under the same seeds, that `@base` means.
        """
        subject, missing = statement.subject, "a part of it does not exist"
        if subject.metric:
            return self.estimate(subject.metric)
        numbers = subject.values(
            lambda one: (base if one.of and base else self).values[one.name],
            self.replications,
        )
        return estimate(numbers, unit=statement.unit, missing=missing)


def metric_values(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replications: int | None = None,
    repeats: int | None = None,
    traffic_cache: TrafficCache | None = None,
    on_replication: Callable[[int, int], None] | None = None,
) -> MetricValues:
    """Simulate a scenario under consecutive seeds, and keep what each run measured.

    Args:
        scenario: What to simulate.
        seed: Seed of the first run; the scenario's own if absent.
        replications: How many runs; the scenario's own number if absent.
        repeats: How many such runs are to come in this process, these included: a
            hint on what is worth compiling.
        traffic_cache: Requests of scenarios with the same traffic; if absent, each
            traffic is generated, used and forgotten.
        on_replication: Called after each run with how many are done, and of how many.

    Raises:
        ValueError: If no run is wanted, or a file that the scenario names is wrong.
    """
    first = scenario.seed if seed is None else seed
    wanted = scenario.replications if replications is None else replications
    if wanted < 1:
        raise ValueError("replications must be at least 1")
    prices = PriceList.load(scenario.price_list, folder=scenario.folder)
    traffic_cache = traffic_cache or TrafficCache(0)
    rows = []
    for number in range(wanted):
        tally = run_tally(
            scenario,
            seed=first + number,
            traffic=traffic_cache.of(scenario, first + number),
            repeats=max(repeats or 0, wanted) - number,
        )
        rows.append(measured(scenario, tally, prices))
        if on_replication is not None:
            on_replication(number + 1, wanted)
    return MetricValues.of(first, rows)


def measured(
    scenario: Scenario, tally: Tally, prices: PriceList
) -> Mapping[str, float | None]:
    """Return every metric of one run of a scenario, with those of its bill."""
    bill = Bill.of(tally.usage, prices, events=scenario.runs_per_month)
    return measure(tally, cost_usd=bill.cost_usd, cost_month_usd=bill.cost_month_usd)
