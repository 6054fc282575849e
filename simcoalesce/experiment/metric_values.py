"""Metric values: every metric of every replication, one by one, so that runs pair."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf
from typing import Final, Self

from simcoalesce.conditions.estimate import (
    Estimate,
    estimate,
    estimate_over_runs,
)
from simcoalesce.conditions.expression import Reference
from simcoalesce.conditions.over_runs import MEAN
from simcoalesce.conditions.selection import base_of
from simcoalesce.conditions.statement import Statement
from simcoalesce.cost.bill import Bill
from simcoalesce.cost.mean_bill import BillTerms, RunBills, Usage
from simcoalesce.experiment.single_run import run_tally
from simcoalesce.experiment.traffic_cache import TrafficCache
from simcoalesce.metrics import METRICS, Tally, measure, metric_of
from simcoalesce.scenario.scenario import Scenario

Values = tuple[float | None, ...]
"""A metric in each replication; None where it does not exist."""

MONTH: Final = "cost_month_usd"
_OF_REFUSALS: Final = frozenset(("origin_rejected", "first_rejected_at_s"))


@dataclass(frozen=True)
class MetricValues:
    """What each replication of one scenario measured.

    Attributes:
        seed: Seed of the first replication; the i-th had seed + i.
        values: Every metric by name, and those of the parts of the requests that the
            scenario was asked for; each with a value for each replication.
        certain: Metrics that nothing in the scenario can make another number.
        bills: What the month's bill follows from; None if that is in `values` only.
        kept_rounding_usd: What `rounding_usd` was; None where `bills` say it.
        no_verdict: Why nothing follows from the runs; empty if something does.
    """

    seed: int
    values: Mapping[str, Values]
    certain: frozenset[str] = field(default=frozenset(), repr=False)
    bills: RunBills | None = field(default=None, repr=False)
    no_verdict: str = ""
    kept_rounding_usd: tuple[float, float] | None = None

    @classmethod
    def of(
        cls,
        seed: int,
        runs: Sequence[Mapping[str, float | None]],
        certain: frozenset[str] = frozenset(),
        bills: RunBills | None = None,
        no_verdict: str = "",
    ) -> Self:
        """Return what some runs under consecutive seeds measured.

        Nothing follows from them either if no request arrived in any.
        """
        names = dict.fromkeys((*METRICS, *(name for run in runs[:1] for name in run)))
        values = {name: tuple(run[name] for run in runs) for name in names}
        if not any(run["requests"] for run in runs):
            no_verdict = no_verdict or "no request arrived in any run"
        return cls(seed, _billed(values, bills), certain, bills, no_verdict)

    def first(self, count: int) -> "MetricValues":
        """Return what the first runs measured."""
        values = {name: column[:count] for name, column in self.values.items()}
        bills = self.bills.first(count) if self.bills else None
        return replace(self, values=_billed(values, bills), bills=bills)

    def joined(self, more: "MetricValues") -> "MetricValues":
        """Return these runs and those under the seeds that follow."""
        values = {name: self.values[name] + more.values[name] for name in self.values}
        bills = self.bills.joined(more.bills) if self.bills and more.bills else None
        no_verdict = self.no_verdict if more.no_verdict else ""
        return replace(
            self, values=_billed(values, bills), bills=bills, no_verdict=no_verdict
        )

    def billed(self, terms: BillTerms) -> "MetricValues":
        """Return what the same runs, whose usage is known, cost under other terms."""
        if self.bills is None:
            raise ValueError("what these runs used is not known")
        runs = [terms.prorated().bill(usage) for usage in self.bills.usages]
        months_usd = tuple(run.cost_month_usd for run in runs)
        bills = RunBills(terms, self.bills.usages, months_usd)
        values = {**self.values, "cost_usd": tuple(run.cost_usd for run in runs)}
        return replace(self, values=_billed(values, bills), bills=bills)

    @cached_property
    def rounding_usd(self) -> tuple[float, float]:
        """How far the month's bill may be below and above by what is rounded up.

        Where the 95 % interval of a mean usage holds an edge at which a begun amount is
        billed as a whole one, the bill is a step there.
        """
        if self.kept_rounding_usd is not None or self.bills is None:
            return self.kept_rounding_usd or (0.0, 0.0)
        ends = {}
        for unit in self.bills.rounded_units:
            used = [usage[unit] for usage in self.bills.usages]
            known = estimate(used, unit="1", is_positive=True)
            if known.low is not None and known.high is not None:
                ends[unit] = known.low, known.high
        return self.bills.rounding_usd(ends) if ends else (0.0, 0.0)

    @property
    def replications(self) -> int:
        """How many runs were measured."""
        return len(next(iter(self.values.values()), ()))

    def estimates(self) -> dict[str, Estimate]:
        """Return mean and 95 % interval of every metric, and of those of parts."""
        return {name: self.estimate(name) for name in self.values}

    def estimate(self, metric: str) -> Estimate:
        """Return mean and 95 % interval of a metric.

        Raises:
            KeyError: If there is no such metric.
        """
        of = metric_of(metric)
        values, missing = self.values[metric], of.missing
        known = estimate(values, unit=of.unit, missing=missing, is_positive=True)
        if of.unit == "s":
            known = known.with_modes(values)
        if of.is_instant and not known.n:
            known = replace(known, low=inf, high=inf)
        if metric == MONTH and any(self.rounding_usd):
            return known.widened(*self.rounding_usd)
        return known

    def subject(
        self, statement: Statement, *, base: "MetricValues | None" = None
    ) -> Estimate:
        """Return mean and 95 % interval of what a statement is about.

        Args:
            statement: What is said of these runs.
            base: The runs, under the same seeds, that `@base` means.
        """

        def of(one: Reference) -> MetricValues:
            return base if one.of and base else self

        return subject_estimate(statement, of, self.replications)

    def column(self, name: str) -> Values:
        """Return a metric in each run; an instant that never comes is infinite."""
        values, metric = self.values[name], METRICS.get(base_of(name))
        if metric is None or not metric.is_instant:
            return values
        return tuple(inf if value is None else value for value in values)


def subject_estimate(
    statement: Statement, of: Callable[[Reference], MetricValues], runs: int
) -> Estimate:
    """Return mean and 95 % interval of what a statement is about.

    Args:
        statement: What is said.
        of: Gives the runs that a reference means, under the same seeds.
        runs: How many.
    """
    subject = statement.subject
    measured = {one: of(one) for one in subject.references}
    known = _subject_estimate(statement, measured, runs)
    is_certain = all(
        base_of(one.name) in each.certain for one, each in measured.items()
    )
    return replace(known, is_certain=is_certain)


def _subject_estimate(
    statement: Statement, measured: Mapping[Reference, MetricValues], runs: int
) -> Estimate:
    subject = statement.subject
    match subject.steps:
        case (Reference(name) as one,) if subject.summary == MEAN:
            metric = METRICS.get(base_of(name))
            if metric and not metric.is_instant:
                return measured[one].estimate(name)
    columns = {one: each.column(one.name) for one, each in measured.items()}
    numbers = subject.values(columns.__getitem__, runs)
    known = estimate_over_runs(
        numbers,
        subject.summary,
        unit=statement.unit,
        missing=_missing(columns) or "a part of it does not exist",
        is_positive=len(subject.steps) == 1,
    )
    is_time = statement.unit == "s" and subject.summary == MEAN
    return known.with_modes(numbers) if is_time else known


def _missing(columns: Mapping[Reference, Values]) -> str:
    """Return why runs lack one of the numbers, each reason once."""
    absent = (one.name for one, column in columns.items() if None in column)
    return " or ".join(dict.fromkeys(metric_of(name).missing for name in absent))


def _billed(
    values: Mapping[str, Values], bills: RunBills | None
) -> Mapping[str, Values]:
    """Return values with the bill of a month of exactly these runs."""
    return {**values, MONTH: bills.month_usd()} if bills else values


def certain_metrics(scenario: Scenario) -> frozenset[str]:
    """Return the metrics that nothing in a scenario can make another number.

    Conservative: only of refusals, where the last layer says that it never refuses.
    """
    return _OF_REFUSALS if scenario.path[-1].never_refuses else frozenset()


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
    terms = scenario.load_bill_terms()
    prorated, usages = terms.prorated(), []
    traffic_cache = traffic_cache or TrafficCache(0)
    rows, no_verdict = [], ""
    for number in range(wanted):
        traffic = traffic_cache.of(scenario, first + number)
        no_verdict = no_verdict if number else traffic.no_verdict
        tally = run_tally(
            scenario,
            seed=first + number,
            traffic=traffic,
            repeats=max(repeats or 0, wanted) - number,
        )
        usages.append(tally.usage)
        rows.append(measured(tally, prorated.bill(tally.usage)))
        if on_replication is not None:
            on_replication(number + 1, wanted)
    bills = run_bills(terms, usages, rows)
    return MetricValues.of(first, rows, certain_metrics(scenario), bills, no_verdict)


def no_verdict_of(measured: Iterable[MetricValues]) -> str:
    """Return why nothing follows from some scenarios together, each reason once."""
    return "; ".join(
        dict.fromkeys(one.no_verdict for one in measured if one.no_verdict)
    )


def run_bills(
    terms: BillTerms,
    usages: Sequence[Usage],
    rows: Sequence[Mapping[str, float | None]],
) -> RunBills:
    """Return the bills of runs, from their usage and their measured rows."""
    prorated_usd = tuple(row["cost_month_usd"] for row in rows)
    return RunBills(terms, tuple(usages), prorated_usd)


def measured(tally: Tally, bill: Bill) -> Mapping[str, float | None]:
    """Return every metric of a run, of its parts, and of its prorated bill."""
    billed = {"cost_usd": bill.cost_usd, "cost_month_usd": bill.cost_month_usd}
    parts = {
        name: compute(part)
        for name, part in tally.selected.items()
        if (compute := metric_of(name).compute) is not None
    }
    return measure(tally, **billed) | parts
