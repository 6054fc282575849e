"""Comparisons: scenarios under the same seeds, and how each differs from the first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from simcoalesce.experiment.changes import Change, changes
from simcoalesce.experiment.difference import Difference, judged, paired, unpaired
from simcoalesce.experiment.direction import metrics_of_interest
from simcoalesce.experiment.metric_values import MetricValues, metric_values
from simcoalesce.experiment.traffic_cache import TrafficCache, have_same_traffic
from simcoalesce.scenario.scenario import Scenario


@dataclass(frozen=True)
class Comparison:
    """One scenario against a base.

    Attributes:
        base: The scenario that is compared with.
        other: The scenario that is compared.
        seed: Seed of the first replication of both.
        replications: How many runs of each.
        is_paired: Whether both met the same clients, seed by seed.
        margin_ratio: Up to which share of the base a change does not matter.
        differences: One for each metric.
        changes: What the scenarios say differently.
    """

    base: Scenario
    other: Scenario
    seed: int
    replications: int
    is_paired: bool
    margin_ratio: float
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]

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
            "changes": [change._asdict() for change in self.changes],
            "metrics": [difference.document() for difference in self.differences],
        }


def compare(
    scenarios: Sequence[Scenario],
    *,
    seed: int | None = None,
    replications: int | None = None,
    metrics: Sequence[str] = (),
    margin_ratio: float = 0.02,
    on_replication: Callable[[int, int], None] | None = None,
) -> tuple[Comparison, ...]:
    """Simulate scenarios under the same seeds, and compare each with the first.

    Scenarios with the same traffic meet the same clients with the same luck, and are
    compared pair by pair; others are independent samples, compared by Welch's t.

    Args:
        scenarios: Two or more.
        seed: Seed of the first replication; the first scenario's own if absent.
        replications: How many runs of each; the first scenario's number if absent.
        metrics: Which ones; those that the scenarios expect something of, and the
            usual ones, if absent.
        margin_ratio: Up to which share of the base a change does not matter.
        on_replication: Called after each run with how many are done, and of how many.

    Raises:
        ValueError: If there are fewer than two scenarios.
    """
    if len(scenarios) < 2:
        raise ValueError("a comparison needs two scenarios, e.g. sale.yaml @per-key")
    base = scenarios[0]
    first = base.seed if seed is None else seed
    wanted = base.replications if replications is None else replications
    traffic_cache = TrafficCache()
    measured = []
    for place, scenario in enumerate(scenarios):
        step = _step(on_replication, place, len(scenarios))
        measured.append(
            metric_values(
                scenario,
                seed=first,
                replications=wanted,
                traffic_cache=traffic_cache,
                on_replication=step,
            )
        )
    names = metrics or metrics_of_interest(scenarios)
    return tuple(
        _comparison(base, other, measured[0], theirs, names, margin_ratio)
        for other, theirs in zip(scenarios[1:], measured[1:], strict=True)
    )


def _step(
    on_replication: Callable[[int, int], None] | None, place: int, scenarios: int
) -> Callable[[int, int], None] | None:
    if on_replication is None:
        return None
    return lambda done, of: on_replication(place * of + done, scenarios * of)


def _comparison(
    base: Scenario,
    other: Scenario,
    ours: MetricValues,
    theirs: MetricValues,
    metrics: Sequence[str],
    margin_ratio: float,
) -> Comparison:
    is_paired = have_same_traffic(base, other)
    difference = paired if is_paired else unpaired
    found = [difference(metric, ours, theirs) for metric in metrics]
    # What neither has is no news.
    known = [one for one in found if one.base.n or one.other.n]
    return Comparison(
        base,
        other,
        ours.seed,
        ours.replications,
        is_paired,
        margin_ratio,
        judged(known, margin_ratio=margin_ratio),
        tuple(changes(base, other)),
    )
