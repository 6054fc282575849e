"""Attribution: which cause makes how many of the origin hits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import Any, Final, TypeAlias

from simcoalesce.explain.bench import Bench
from simcoalesce.explain.draft import DoesNotApply
from simcoalesce.explain.fix import Fix, fixed
from simcoalesce.scenario.scenario import Scenario

SEEDS: Final = 5
"""Replications of each subset of fixes."""
_MOST_FIXES: Final = 6

Subset: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class Share:
    """What one fix takes away of the origin hits, on average over all orders.

    Attributes:
        kind: The fix.
        label: What people call it.
        shapley: Its Shapley value, exact: origin hits of a run.
        alone: What it takes away alone.
        missing: How many come back when it is left out of all fixes together.
    """

    kind: str
    label: str
    shapley: Fraction
    alone: Fraction
    missing: Fraction


@dataclass(frozen=True)
class Attribution:
    """The origin hits of the incident, shared between causes.

    Attributes:
        shares: One for each fix; their Shapley values sum to `before` - `after`.
        before: Origin hits without a fix, mean over the seeds.
        after: Origin hits with all fixes.
        seeds: How many replications each subset had.
    """

    shares: tuple[Share, ...]
    before: Fraction
    after: Fraction
    seeds: int

    def document(self) -> dict[str, Any]:
        """Return it as plain values; the shares sum to before - after."""
        return {
            "metric": "origin_hits",
            "seeds": self.seeds,
            "before": float(self.before),
            "after": float(self.after),
            "shares": [
                {
                    "kind": share.kind,
                    "label": share.label,
                    "shapley": float(share.shapley),
                    "alone": float(share.alone),
                    "missing": float(share.missing),
                }
                for share in self.shares
            ],
        }


def attribution(
    scenario: Scenario, causes: Sequence[Fix], bench: Bench
) -> Attribution | None:
    """Share the origin hits between the causes that fixes take away.

    All subsets of the fixes are simulated under the same seeds.

    Args:
        scenario: The incident.
        causes: Fixes that can be made, each alone.
        bench: Where to measure.

    Returns:
        The shares; None if there are no two fixes, or two that exclude each other, or
        if all of them together take nothing away.
    """
    chosen = tuple(causes)[:_MOST_FIXES]
    if len(chosen) < 2:
        return None
    try:
        hits = {
            frozenset(fix.kind for fix in subset): _hits(scenario, subset, bench)
            for subset in _subsets(chosen)
        }
    except DoesNotApply:
        return None
    everything = frozenset(fix.kind for fix in chosen)
    if hits[everything] >= hits[frozenset()]:
        return None
    values = shapley(tuple(everything), lambda subset: -hits[subset])
    shares = tuple(
        Share(
            kind=fix.kind,
            label=fix.label,
            shapley=values[fix.kind],
            alone=hits[frozenset()] - hits[frozenset((fix.kind,))],
            missing=hits[everything - {fix.kind}] - hits[everything],
        )
        for fix in chosen
    )
    return Attribution(
        tuple(sorted(shares, key=lambda share: -share.shapley)),
        before=hits[frozenset()],
        after=hits[everything],
        seeds=min(SEEDS, bench.replications),
    )


def _subsets(chosen: Sequence[Fix]) -> list[tuple[Fix, ...]]:
    sizes = range(len(chosen) + 1)
    return [subset for size in sizes for subset in combinations(chosen, size)]


def _hits(scenario: Scenario, subset: Sequence[Fix], bench: Bench) -> Fraction:
    changed = fixed(scenario, *subset)[0] if subset else scenario
    counts = bench.measured(changed, SEEDS).values["origin_hits"]
    return sum((Fraction(one or 0) for one in counts), Fraction(0)) / len(counts)


def shapley(
    players: Sequence[str], worth: Callable[[Subset], Fraction]
) -> dict[str, Fraction]:
    """Return each player's mean contribution over all orders in which they come.

    >>> shapley("ab", lambda who: Fraction(len(who) == 2))
    {'a': Fraction(1, 2), 'b': Fraction(1, 2)}

    Source:
        Shapley, A value for n-person games, 1953; the sum is worth(all) - worth(none).
    """
    orders = factorial(len(players))
    values = dict.fromkeys(players, Fraction(0))
    for player in players:
        others = [other for other in players if other != player]
        for size in range(len(players)):
            weight = Fraction(factorial(size) * factorial(len(others) - size), orders)
            for group in combinations(others, size):
                without = frozenset(group)
                gain = worth(without | {player}) - worth(without)
                values[player] += weight * gain
    return values
