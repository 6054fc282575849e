"""Attribution: how many of the origin hits each cause makes, by Shapley values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial
from statistics import mean
from typing import Final, TypeAlias

from simcoalesce.conditions.estimate import estimate
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedied
from simcoalesce.explain.scenario_edit import DoesNotApply
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.scenario import Scenario

SEEDS: Final = 5
"""Replications of each subset of remedies."""
_MOST_REMEDIES: Final = 6

Subset: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class Share:
    """How many origin hits one remedy removes, on average over all orders.

    Attributes:
        shapley: Its Shapley value, exact: origin hits of a run.
        ci95: The 95 % interval of that over the seeds; None for a single seed.
        alone: How many it removes on its own.
        ablation: How many come back if it is left out of all remedies together.
    """

    kind: str
    label: str
    shapley: Fraction
    ci95: tuple[float, float] | None
    alone: Fraction
    ablation: Fraction


@dataclass(frozen=True)
class Attribution:
    """The origin hits of the incident, shared between causes.

    Attributes:
        shares: One for each remedy; their Shapley values sum to `before` - `after`.
        before: Origin hits without a remedy, mean over the seeds.
        after: Origin hits with all remedies.
        seeds: How many replications each subset had.
        metric: What is shared.
    """

    shares: tuple[Share, ...]
    before: Fraction
    after: Fraction
    seeds: int
    metric: str = "origin_hits"


def attribution(
    scenario: Scenario, causes: Sequence[Remedy], runner: ScenarioRunner
) -> Attribution | None:
    """Share the origin hits between causes: what remedies that apply remove.

    All subsets of the remedies are simulated under the same seeds.

    Returns:
        The shares; None if there are fewer than two remedies, or two that exclude each
        other, or if all of them together remove nothing.
    """
    chosen = tuple(causes)[:_MOST_REMEDIES]
    if len(chosen) < 2:
        return None
    try:
        changed = {
            _kinds(subset): remedied(scenario, *subset)[0]
            for size in range(len(chosen) + 1)
            for subset in combinations(chosen, size)
        }
    except DoesNotApply:
        return None
    runner.prepare(changed.values(), SEEDS)
    hits = {kinds: _hits(one, runner) for kinds, one in changed.items()}
    before, after = mean(hits[frozenset()]), mean(hits[_kinds(chosen)])
    if after >= before:
        return None
    shares = sorted(_shares(chosen, hits), key=lambda share: -share.shapley)
    return Attribution(tuple(shares), before, after, len(hits[frozenset()]))


def _kinds(remedies: Sequence[Remedy]) -> Subset:
    return frozenset(remedy.kind for remedy in remedies)


def _hits(scenario: Scenario, runner: ScenarioRunner) -> tuple[Fraction, ...]:
    """Return the origin hits of each run."""
    counts = runner.measured(scenario, SEEDS).values["origin_hits"]
    return tuple(Fraction(one or 0) for one in counts)


def _shares(
    chosen: Sequence[Remedy], hits: Mapping[Subset, Sequence[Fraction]]
) -> Iterator[Share]:
    nothing, everything = frozenset[str](), _kinds(chosen)
    total = {kinds: mean(of_seeds) for kinds, of_seeds in hits.items()}
    # A share is linear in the hits: the mean over the seeds is exact.
    players = [one.kind for one in chosen]
    by_seed = [
        shapley(players, dict(zip(hits, of_seed, strict=True)).__getitem__)
        for of_seed in zip(*hits.values(), strict=True)
    ]
    for remedy in chosen:
        values = [-of_seed[remedy.kind] for of_seed in by_seed]
        only = frozenset((remedy.kind,))
        yield Share(
            kind=remedy.kind,
            label=remedy.label,
            shapley=mean(values),
            ci95=_ci95([float(value) for value in values]),
            alone=total[nothing] - total[only],
            ablation=total[everything - only] - total[everything],
        )


def _ci95(values: Sequence[float]) -> tuple[float, float] | None:
    known = estimate(values, unit="1")
    return None if known.low is None or known.high is None else (known.low, known.high)


def shapley(
    players: Sequence[str], worth: Callable[[Subset], Fraction]
) -> dict[str, Fraction]:
    """Return each player's mean contribution over all orders.

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
