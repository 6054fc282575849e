"""Attribution: what each cause does, and how the harm is shared between all of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from statistics import mean
from typing import Any, Final

from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.causes.cause import Cause, Incident, known_causes, without
from simcoalesce.explain.causes.harm import Harm
from simcoalesce.explain.causes.replications import VAGUE_RATIO, Replications
from simcoalesce.explain.causes.shapley import Subset, shapley
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.plain import plain_fields
from simcoalesce.scenario.scenario import Scenario

_RULED_OUT_RATIO: Final = 0.02
"""A cause that makes no more than this share of the harm, with the others and alone, is
ruled out."""
_MOST_RATIO: Final = 0.5
"""A cause explains the harm if most of it goes without that cause."""


@dataclass(frozen=True)
class FoundCause:
    """What one cause does, as an amount of harm in a run.

    Attributes:
        label: A clause that says what is so.
        removed: What was taken out to see it.
        necessity: What goes away without it.
        sufficiency: What it does alone, in a run without all other causes.
        shapley: Its share of the harm: the mean over all orders of removal.
        ci95: The 95 % interval of that over the seeds; None for a single seed.
        share_ratio: That as a share of what all causes together make.
        explains: Whether most of the harm is gone without it.
    """

    kind: str
    label: str
    removed: str
    necessity: Estimate
    sufficiency: Estimate
    shapley: Fraction
    ci95: tuple[float, float] | None
    share_ratio: float
    explains: bool


@dataclass(frozen=True)
class Attribution:
    """The harm of an incident, divided between its causes.

    Attributes:
        harm: What is divided, in words.
        metric: The same as conditions write it.
        unit: Of that.
        is_counted: Whether it is a number of requests or calls.
        is_lack: Whether it is harm that there is too little of it: then harm is its
            negative.
        causes: The first is the one to name; their Shapley values sum to `before` -
            `after`.
        ruled_out: Labels of what was looked at, and does nothing.
        before: The harm of the incident, mean over the seeds.
        after: What is left without all of these causes.
        seeds: How many replications each subset had.
    """

    harm: str
    metric: str
    unit: str
    is_counted: bool
    is_lack: bool
    causes: tuple[FoundCause, ...]
    ruled_out: tuple[str, ...]
    before: Fraction
    after: Fraction
    seeds: int

    def measured(self, harm: Fraction | float) -> float:
        """Return what is measured where the harm is so much."""
        return -float(harm) if self.is_lack else float(harm)

    @property
    def first(self) -> FoundCause:
        """The cause to name."""
        return self.causes[0]

    def document(self) -> dict[str, Any]:
        """Return what is divided as plain values; the causes stand by themselves."""
        told = plain_fields(self)
        return {name: told[name] for name in told if name != "causes"}


@dataclass(frozen=True)
class _Trial:
    """A cause that can be taken out, and the incident without it."""

    cause: Cause
    removed: str
    scenario: Scenario


def attribution(
    incident: Incident, harm: Harm, runner: ScenarioRunner
) -> Attribution | None:
    """Find the causes of a harm, and divide it between them.

    Each is taken out of the incident (necessity), and all others are (sufficiency); of
    those that make a difference all subsets are simulated, under the same seeds.

    Returns:
        The causes; None if taking out all of them removes nothing.
    """
    trials = list(_trials(incident))
    effort = Replications.of(len(incident.outcomes.request_rows.request))
    worth = _Worth(incident.scenario, harm, runner, effort)
    chosen, ruled_out = _relevant(trials, worth)
    if not chosen:
        return None
    causes = [one.cause for one in chosen]
    found = list(_found(chosen, worth))
    if _are_vague(found):
        requests = len(incident.outcomes.request_rows.request)
        worth.effort = effort.surer(requests, 2 ** len(causes))
        found = list(_found(chosen, worth))
    before, after = mean(worth.of(())), mean(worth.of(causes))
    if after >= before:
        return None
    ranks = {one.kind: one.rank(incident) for one in causes}
    found.sort(key=lambda one: _order(one, ranks[one.kind]))
    seeds = len(worth.of(()))
    told = harm.noun, harm.metric, harm.unit, harm.is_counted, harm.is_lack
    return Attribution(*told, tuple(found), ruled_out, before, after, seeds)


def _order(one: FoundCause, rank: float) -> tuple[bool, float, Fraction]:
    """Sort what explains the harm before what adds to it; see `Cause.precedence`."""
    return not one.explains, rank if one.explains else 0.0, -one.shapley


def _trials(incident: Incident) -> Iterator[_Trial]:
    for cause in known_causes(incident.scenario.path).values():
        try:
            changed, (text,) = without(incident.scenario, [cause])
        except ValueError:
            # It is not there, or the scenario cannot be without it.
            continue
        if cause.is_possible(incident):
            yield _Trial(cause, text, changed)


def _subsets(causes: Sequence[Cause]) -> Iterator[Sequence[Cause]]:
    for size in range(len(causes) + 1):
        yield from combinations(causes, size)


def _relevant(
    trials: Sequence[_Trial], worth: "_Worth"
) -> tuple[list[_Trial], tuple[str, ...]]:
    """Return the causes that make a difference, largest first, and the others.

    What goes away without a cause says it; where that is nothing, since another cause
    makes the harm as well, what it makes alone does.
    """
    everyone, seeds = [one.cause for one in trials], worth.effort.screening_seeds
    worth.prepare([(), everyone, *((one,) for one in everyone)], seeds)
    total = mean(worth.of((), seeds)) - mean(worth.of(everyone, seeds))
    least = _RULED_OUT_RATIO * max(total, Fraction(0))
    size = {one.kind: mean(worth.necessity(one, seeds)) for one in everyone}
    for one in everyone:
        if size[one.kind] <= least:
            size[one.kind] = mean(worth.sufficiency(one, everyone, seeds))
    chosen = [one for one in trials if size[one.cause.kind] > least]
    ruled_out = tuple(one.cause.label for one in trials if one not in chosen)
    chosen.sort(key=lambda one: -size[one.cause.kind])
    return chosen[: worth.effort.causes], ruled_out


class _Worth:
    """The harm that is left when causes are taken out, in each run."""

    def __init__(
        self,
        scenario: Scenario,
        harm: Harm,
        runner: ScenarioRunner,
        effort: Replications,
    ) -> None:
        self._scenario, self._harm = scenario, harm
        self._runner, self.effort = runner, effort
        self._made: dict[Subset, Scenario] = {}

    def scenario(self, taken_out: Sequence[Cause]) -> Scenario:
        """Return the incident without some causes.

        Where one cannot be taken out beside the others, nothing is left to take out.
        """
        kinds = frozenset(one.kind for one in taken_out)
        if kinds not in self._made:
            self._made[kinds] = _without_all(self._scenario, taken_out)
        return self._made[kinds]

    def prepare(self, subsets: Iterable[Sequence[Cause]], seeds: int) -> None:
        """Measure what is needed soon, in parallel if that is possible."""
        self._runner.prepare([self.scenario(one) for one in subsets], seeds)

    def measured(
        self, taken_out: Sequence[Cause], seeds: int | None = None
    ) -> MetricValues:
        """Return the metrics of runs without some causes."""
        seeds = self.effort.seeds if seeds is None else seeds
        return self._runner.measured(self.scenario(taken_out), seeds)

    def of(
        self, taken_out: Sequence[Cause], seeds: int | None = None
    ) -> tuple[Fraction, ...]:
        """Return the harm of each run without some causes."""
        return self._harm.values(self.measured(taken_out, seeds))

    def necessity(self, cause: Cause, seeds: int | None = None) -> list[Fraction]:
        """Return what goes away without a cause, in each run."""
        return _minus(self.of((), seeds), self.of((cause,), seeds))

    def sufficiency(
        self, cause: Cause, everyone: Sequence[Cause], seeds: int | None = None
    ) -> list[Fraction]:
        """Return what a cause does alone, in each run."""
        others = [other for other in everyone if other is not cause]
        return _minus(self.of(others, seeds), self.of(everyone, seeds))


def _without_all(scenario: Scenario, taken_out: Sequence[Cause]) -> Scenario:
    changed = scenario
    for cause in taken_out:
        try:
            changed = without(changed, [cause])[0]
        except ValueError:
            continue
    return changed


def _minus(a: Sequence[Fraction], b: Sequence[Fraction]) -> list[Fraction]:
    return [x - y for x, y in zip(a, b, strict=True)]


def _are_vague(found: Sequence[FoundCause]) -> bool:
    """Say whether the replications leave open how large a share is."""
    total = abs(sum(float(one.shapley) for one in found))
    widths = (one.ci95[1] - one.ci95[0] for one in found if one.ci95 is not None)
    return any(width > 2 * VAGUE_RATIO * total for width in widths)


def _found(chosen: Sequence[_Trial], worth: _Worth) -> Iterator[FoundCause]:
    causes = [one.cause for one in chosen]
    worth.prepare(_subsets(causes), worth.effort.seeds)
    left = {
        frozenset(one.kind for one in subset): worth.of(subset)
        for subset in _subsets(causes)
    }
    # A share is linear in the harm: the mean over the seeds is exact.
    kinds = [one.kind for one in causes]
    by_seed = [
        shapley(kinds, dict(zip(left, of_seed, strict=True)).__getitem__)
        for of_seed in zip(*left.values(), strict=True)
    ]
    total = mean(left[frozenset()]) - mean(left[frozenset(kinds)])
    for one in chosen:
        values = [-of_seed[one.cause.kind] for of_seed in by_seed]
        necessity = worth.necessity(one.cause)
        yield FoundCause(
            kind=one.cause.kind,
            label=one.cause.label,
            removed=one.removed,
            necessity=_estimate(necessity),
            sufficiency=_estimate(worth.sufficiency(one.cause, causes)),
            shapley=mean(values),
            ci95=_ci95([float(value) for value in values]),
            share_ratio=float(mean(values) / total) if total else 0.0,
            explains=mean(necessity) >= _MOST_RATIO * total,
        )


def _estimate(values: Sequence[Fraction]) -> Estimate:
    return estimate([float(value) for value in values], unit="1")


def _ci95(values: Sequence[float]) -> tuple[float, float] | None:
    known = estimate(values, unit="1")
    return None if known.low is None or known.high is None else (known.low, known.high)
