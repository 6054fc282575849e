"""Comparisons: scenarios under the same seeds, and how each differs from the first.

`simcoalesce.compare` returns them as a table of pandas.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simcoalesce.conditions.selection import selector_of
from simcoalesce.experiment.answered import (
    Coverage,
    ErrorShares,
    compared_by,
    coverage,
    is_of_all,
    is_of_answered,
    over_all_requests,
    shares_of_parts,
    with_all_requests,
)
from simcoalesce.experiment.changes import Change, changes
from simcoalesce.experiment.difference import (
    Difference,
    not_comparable,
    paired,
    undecided,
    unpaired,
    with_verdicts,
)
from simcoalesce.experiment.direction import known_metrics, metrics_of_interest
from simcoalesce.experiment.metric_values import (
    MetricValues,
    metric_values,
    no_verdict_of,
)
from simcoalesce.experiment.result import SCHEMA_VERSION, tool
from simcoalesce.experiment.saved import is_saved, saved_result
from simcoalesce.experiment.traffic_cache import TrafficCache, have_same_traffic
from simcoalesce.plain import plain
from simcoalesce.scenario.scenario import Scenario


@dataclass(frozen=True)
class Comparison:
    """One scenario against a base.

    Attributes:
        base: The scenario that is compared with.
        other: The scenario that is compared.
        seed: Seed of the first replication of both.
        replications: How many runs of each.
        is_paired: Whether both had the same arrivals, seed by seed.
        margin_ratio: Up to which share of the base a change does not matter.
        differences: One for each metric.
        changes: What the scenarios say differently.
        measured: What each replication of both measured.
        error_shares: Which share of the requests got an error in both.
        part_shares: The same of parts of the requests, by their selectors.
    """

    base: Scenario
    other: Scenario
    seed: int
    replications: int
    is_paired: bool
    margin_ratio: float
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    measured: tuple[MetricValues, MetricValues] = field(repr=False)
    error_shares: ErrorShares
    part_shares: Mapping[str, ErrorShares] = field(default_factory=dict)

    def shares_of(self, metric: str) -> ErrorShares:
        """Return which share of the requests got an error, of those of a metric."""
        return self.part_shares.get(selector_of(metric), self.error_shares)

    @property
    def no_verdict(self) -> str:
        """Why nothing follows from the runs; empty if something does."""
        return no_verdict_of(self.measured)

    @property
    def over_all_requests(self) -> tuple[Difference, ...]:
        """What stands beside latencies that are not comparable."""
        beside = {
            over_all_requests(one.metric) for one in self.differences if one.reason
        }
        return tuple(one for one in self.differences if one.metric in beside)

    def covers(self, metric: str) -> tuple[Coverage, Coverage] | None:
        """Return how many requests a latency is of, before and after; else None."""
        before, after = (coverage(metric, one) for one in self.measured)
        return (before, after) if before and after else None

    def document(self) -> dict[str, Any]:
        """Return the comparison as plain values."""
        return {
            "base": {"scenario": self.base.label, "sha256": self.base.sha256},
            "other": {"scenario": self.other.label, "sha256": self.other.sha256},
            "seed": self.seed,
            "replications": self.replications,
            "paired": self.is_paired,
            "margin": self.margin_ratio,
            "adjustment": "holm",
            "no_verdict": self.no_verdict or None,
            "error_ratio": plain(self.error_shares),
            "changes": plain(self.changes),
            "metrics": [self._metric(one) for one in self.differences],
        }

    def _metric(self, difference: Difference) -> dict[str, Any]:
        document, covers = difference.document(), self.covers(difference.metric)
        if covers is None:
            return document
        requests = dict(zip(("base", "other"), plain(covers), strict=True))
        return document | {"requests_of_a_run": requests}


def comparison_document(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    """Return comparisons as plain values: the contract of ``compare --json``."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": tool(),
        "comparisons": plain(comparisons),
    }


class Conflict(ValueError):  # noqa: N818 - the name says what is wrong
    """Arguments that are right one by one, but not together."""


def _load(name: str, overrides: Sequence[str]) -> Scenario:
    return Scenario.load(name, overrides=overrides)


def named_scenarios(
    names: Sequence[Scenario | str],
    *,
    overrides: Sequence[str] = (),
    seed: int | None = None,
    replications: int | None = None,
    load: Callable[[str, Sequence[str]], Scenario] = _load,
) -> tuple[list[Scenario], int | None, int | None]:
    """Return the scenarios that a comparison names, the first seed, and how many.

    Args:
        names: The base, and one other or more: scenarios, ``FILE``, ``FILE@VARIANT``,
            ``@VARIANT`` of the base, or a saved result, which is made again.
        overrides: Changes in all of them, as KEY=VALUE.
        seed: Seed of the first replication; that of the saved results if absent.
        replications: How many runs of each; that of the saved results if absent.
        load: Loads a file with overrides.

    Raises:
        Conflict: If there are fewer than two, saved results have other seeds, or a
            variant is that of a saved result.
        ValueError: If a scenario is invalid, or a saved result cannot be made again.
    """
    first = names[0] if names else ""
    is_variant = isinstance(first, str) and first.startswith("@")
    if len(names) < 2 or is_variant:
        raise Conflict("a comparison needs two scenarios, e.g. sale.yaml @per-key")
    scenarios: list[Scenario] = []
    seeds = {(seed, replications)} - {(None, None)}
    for name in names:
        if isinstance(name, Scenario):
            scenarios.append(name.with_overrides(*overrides))
        elif is_saved(name):
            saved = saved_result(name)
            scenarios.append(saved.scenario.with_overrides(*overrides))
            if seed is None or not seeds:
                seeds.add((saved.seed, saved.replications))
        elif name.startswith("@"):
            scenarios.append(_variant(scenarios[0], names[0], name))
        else:
            scenarios.append(load(name, overrides))
    if len(seeds) > 1:
        raise Conflict(
            "the results were made with other seeds; --seed and --reps make all of"
            " them again with the same ones"
        )
    return scenarios, *(seeds.pop() if seeds else (None, None))


def _variant(base: Scenario, written: Scenario | str, name: str) -> Scenario:
    if isinstance(written, str) and is_saved(written):
        raise Conflict(
            f"{name}: {written} is a saved result, without variants; write the file,"
            f" e.g. sale.yaml{name}"
        )
    return base.with_variant(name.removeprefix("@"))


def comparisons(
    scenarios: Sequence[Scenario],
    *,
    seed: int | None = None,
    replications: int | None = None,
    metrics: Sequence[str] = (),
    margin_ratio: float = 0.02,
    on_replication: Callable[[int, int], None] | None = None,
) -> tuple[Comparison, ...]:
    """Simulate scenarios under the same seeds, and compare each with the first.

    Scenarios with the same traffic share arrivals and random streams, and are compared
    pair by pair; others are independent samples, compared by Welch's t. Arguments are
    as for `simcoalesce.compare`; `on_replication` is called after each run with how
    many are done, and of how many.

    Raises:
        ValueError: If there is no such metric, or a scenario has no such part of the
            requests.
    """
    names = known_metrics(metrics or metrics_of_interest(scenarios))
    more = [one for name in names for one in compared_by(name)]
    scenarios = [one.with_metrics(*names, *more) for one in scenarios]
    base = scenarios[0]
    first = base.seed if seed is None else seed
    wanted = base.replications if replications is None else replications
    traffic_cache = TrafficCache()
    measured = [
        metric_values(
            scenario,
            seed=first,
            replications=wanted,
            traffic_cache=traffic_cache,
            on_replication=_step(on_replication, index, len(scenarios)),
        )
        for index, scenario in enumerate(scenarios)
    ]
    return tuple(
        compared(base, other, measured[0], theirs, names, margin_ratio)
        for other, theirs in zip(scenarios[1:], measured[1:], strict=True)
    )


def _step(
    on_replication: Callable[[int, int], None] | None, index: int, scenarios: int
) -> Callable[[int, int], None] | None:
    if on_replication is None:
        return None
    return lambda done, of: on_replication(index * of + done, scenarios * of)


def compared(
    base: Scenario,
    other: Scenario,
    ours: MetricValues,
    theirs: MetricValues,
    metrics: Sequence[str],
    margin_ratio: float = 0.02,
) -> Comparison:
    """Compare runs that are there, under the same seeds, of a base and another one."""
    is_paired = have_same_traffic(base, other)
    difference = paired if is_paired else unpaired
    shares = shares_of_parts(
        (base, other), (ours, theirs), metrics, is_paired=is_paired
    )

    def reason(metric: str) -> str | None:
        known = shares.get(selector_of(metric))
        return known.reason if known else None

    metrics = with_all_requests(metrics, reason)
    found = [difference(metric, ours, theirs) for metric in metrics]
    # What neither has is no news.
    known = [
        _judged(one, reason(one.metric)) for one in found if one.base.n or one.other.n
    ]
    over_all = [one for one in metrics if is_of_all(one) and reason(one)]
    judged = with_verdicts(known, margin_ratio=margin_ratio, neutral=over_all)
    if no_verdict_of((ours, theirs)):
        judged = tuple(map(undecided, known))
    return Comparison(
        base,
        other,
        ours.seed,
        ours.replications,
        is_paired,
        margin_ratio,
        judged,
        tuple(changes(base, other)),
        (ours, theirs),
        shares.pop(""),
        shares,
    )


def _judged(difference: Difference, reason: str | None) -> Difference:
    """Return a latency or age as not comparable where others were answered."""
    if reason is None or not is_of_answered(difference.metric):
        return difference
    return not_comparable(difference, reason)
