"""Counterfactuals: the same requests and random streams, one change, its verdict."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.experiment.answered import ErrorShares, same_are_answered
from simcoalesce.experiment.difference import paired
from simcoalesce.experiment.metric_values import MetricValues, no_verdict_of
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedied, remedies
from simcoalesce.explain.counterfactuals.same_clients import check_same_clients
from simcoalesce.explain.scenario_edit import DoesNotApply, NoSuchLayer
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.scenario import Scenario

VerdictWord = Literal[
    "fixes",
    "helps, not enough",
    "helps",
    "hides it",
    "no effect",
    "undecided",
    "worse",
]
"""The best first."""

SHOWN: Final = (
    "origin_hits",
    "origin_rejected",
    "errors",
    "latency_p50_s",
    "latency_p99_s",
    "cost_month_usd",
)
"""The metrics of a counterfactual."""

_MARGIN_RATIO: Final = 0.02
"""A change by at most this share of the incident's value is no effect."""
_WORSE_RATIO: Final = 0.05
SLOW_RATIO: Final = 5.0
"""A remedy that makes the slowest requests wait so many times as long is worse."""
PATIENCE_S: Final = 10.0
"""So long users keep their attention on an answer (J. Nielsen, "Response Times: The 3
Important Limits", 1993): a longer wait is worse than a refusal."""
_JUDGED: Final = ("origin_hits", "errors", "origin_accepted", "origin_rejected")

Shift = Literal["up", "down", "same", "unknown"]


@dataclass(frozen=True)
class Counterfactual:
    """The incident with one remedy, or with several together.

    Attributes:
        changed: What it changed here.
        scenario: The incident with the change.
        scenario_sha256: Its digest.
        metrics: Those of SHOWN, by name.
        paired: Their paired differences from the incident, with 95 % intervals.
        verdict: What follows from these.
        warning: A risk that no metric shows; empty if there is none.
        not_comparable: Why its latencies are not comparable with the incident's, and
            decide nothing: other requests were answered. None if they are.
        is_slow: Whether its p99 is several times as long, under every seed.
    """

    kind: str
    label: str
    changed: str
    scenario: Scenario = field(repr=False)
    scenario_sha256: str
    metrics: dict[str, Estimate]
    paired: dict[str, Estimate]
    verdict: VerdictWord
    warning: str = ""
    not_comparable: str | None = None
    is_slow: bool = False


@dataclass(frozen=True)
class Skipped:
    """A remedy that does not apply to a scenario.

    Attributes:
        is_foreign: Whether it is a setting of a layer that the path does not have.
    """

    kind: str
    label: str
    reason: str
    is_foreign: bool = False


def counterfactuals(
    scenario: Scenario, runner: ScenarioRunner, goal: Goal
) -> tuple[tuple[Counterfactual, ...], tuple[Skipped, ...]]:
    """Try every remedy alone; return those that apply, and those that do not."""
    tried: list[Counterfactual] = []
    skipped: list[Skipped] = []
    runner.prepare(_changed(scenario))
    for kind, remedy in remedies().items():
        try:
            tried.append(counterfactual(scenario, [remedy], runner, goal))
        except DoesNotApply as reason:
            is_foreign = isinstance(reason, NoSuchLayer)
            skipped.append(Skipped(kind, remedy.label, str(reason), is_foreign))
    return tuple(sorted(tried, key=_rank)), tuple(skipped)


def _changed(scenario: Scenario) -> Iterator[Scenario]:
    for remedy in remedies().values():
        with suppress(DoesNotApply):
            yield remedied(scenario, remedy)[0]


def counterfactual(
    scenario: Scenario, together: Sequence[Remedy], runner: ScenarioRunner, goal: Goal
) -> Counterfactual:
    """Return what remedies do together.

    Raises:
        DoesNotApply: If one of them has nothing to change.
    """
    changed, texts = remedied(scenario, *together)
    before, after = runner.measured(scenario), runner.measured(changed)
    check_same_clients(scenario, changed, before, after)
    pair = (scenario, changed), (before, after)
    apart = ErrorShares.of(*pair, is_paired=True).reason
    word = verdict(before, after, goal)
    if no_verdict_of((before, after)):
        word = "undecided"
    return Counterfactual(
        kind="+".join(remedy.kind for remedy in together),
        label=" + ".join(remedy.label for remedy in together),
        changed="; ".join(texts),
        scenario=changed,
        scenario_sha256=changed.sha256,
        metrics={name: after.estimate(name) for name in SHOWN},
        paired={name: paired(name, before, after).change for name in SHOWN},
        verdict=word,
        warning="; ".join(remedy.warning for remedy in together if remedy.warning),
        not_comparable=apart,
        is_slow=_is_slow(before, after),
    )


def _rank(one: Counterfactual) -> tuple[int, float, bool]:
    hits = one.metrics["origin_hits"].mean or 0.0
    return get_args(VerdictWord).index(one.verdict), hits, bool(one.warning)


def verdict(before: MetricValues, after: MetricValues, goal: Goal) -> VerdictWord:
    """Return what a change did, in one word, from paired 95 % intervals.

    - worse: more errors than before, or more calls and not as many errors fewer, or
      the slowest requests wait several times as long, if the same are answered or they
      wait for more than ten seconds;
    - fixes: the goal is met, and was not before;
    - hides it: fewer errors, as the origin has to serve what it refused;
    - helps, not enough: fewer calls or fewer errors; helps, if the goal was met before;
    - no effect: both intervals lie within 2 % around no change.

    Args:
        before: The incident.
        after: The incident with the change.
        goal: What a remedy must achieve.
    """
    moves = {name: shift(name, before, after) for name in _JUDGED}
    is_costly = _costs_calls(before, after)
    counts = same_are_answered(before, after) or _is_beyond_patience(after)
    is_slow = _is_slow(before, after) and counts
    if moves["errors"] == "up" or is_costly or is_slow:
        return "worse"
    if goal.is_met(after) and not goal.is_met_already:
        return "fixes"
    is_hidden = moves["origin_rejected"] == "down" and moves["origin_accepted"] == "up"
    if moves["errors"] == "down" and is_hidden:
        return "hides it"
    if "down" in (moves["origin_hits"], moves["errors"]):
        return "helps" if goal.is_met_already else "helps, not enough"
    if moves["origin_hits"] == moves["errors"] == "same":
        return "no effect"
    return "undecided"


def _costs_calls(before: MetricValues, after: MetricValues) -> bool:
    """Say whether there are more calls, and they do not save as many errors."""
    calls, errors = (
        (after.estimate(name).mean or 0.0) - (before.estimate(name).mean or 0.0)
        for name in ("origin_hits", "errors")
    )
    return shift("origin_hits", before, after) == "up" and calls >= -errors


def shift(name: str, before: MetricValues, after: MetricValues) -> Shift:
    """Return in which direction a metric moves, by the paired 95 % interval.

    Up is by more than 5 % of what it was; the same is within 2 % of it.
    """
    change, base = paired(name, before, after).change, before.estimate(name).mean
    if change.low is None or change.high is None or base is None:
        return "unknown"
    if change.low > _WORSE_RATIO * base:
        return "up"
    if -_MARGIN_RATIO * base <= change.low and change.high <= _MARGIN_RATIO * base:
        return "same"
    return "down" if change.high < 0 else "unknown"


def _is_slow(before: MetricValues, after: MetricValues) -> bool:
    """Say whether the slowest requests wait much longer, under every seed.

    Before, the wait for an error counts too: the same request may be answered now.
    """
    pairs = list(_latencies_s(before, after))
    return bool(pairs) and all(b > SLOW_RATIO * a for a, b in pairs)


def _is_beyond_patience(after: MetricValues) -> bool:
    """Say whether one request in a hundred waits longer than anybody does, always."""
    return all((one or 0.0) > PATIENCE_S for one in after.values["latency_all_p99_s"])


def _latencies_s(
    before: MetricValues, after: MetricValues
) -> Iterator[tuple[float, float]]:
    """Yield the 99th percentiles of each seed, before and after the change."""
    columns = (
        before.values["latency_p99_s"],
        before.values["latency_error_p99_s"],
        after.values["latency_p99_s"],
    )
    for a, error, b in zip(*columns, strict=True):
        if a is not None and b is not None:
            yield max(a, error or 0.0), b
