"""Counterfactuals: the same requests and random streams, one change, its verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, get_args

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.experiment.answered import ErrorShares
from simcoalesce.experiment.difference import paired
from simcoalesce.experiment.traffic_cache import have_same_traffic
from simcoalesce.explain.counterfactuals.effect import Effect
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.explain.counterfactuals.remedy import (
    Effort,
    Remedy,
    remedied,
    remedies,
)
from simcoalesce.explain.counterfactuals.same_clients import check_same_clients
from simcoalesce.explain.counterfactuals.verdict import VerdictWord, verdict
from simcoalesce.explain.scenario_edit import DoesNotApply, NoSuchLayer
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.model.load_control import LoadControl
from simcoalesce.scenario.scenario import Scenario

if TYPE_CHECKING:
    from simcoalesce.explain.counterfactuals.threshold import Threshold

SHOWN: Final = (
    "origin_hits",
    "origin_rejected",
    "errors",
    "latency_p50_s",
    "latency_p99_s",
    "cost_month_usd",
)
"""The metrics of a counterfactual."""
EFFORTS: Final = get_args(Effort)
"""The least first."""
_FEW_SEEDS: Final = (3, 8)
"""So many, and else so many, show that a remedy does not meet the goal."""


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
        is_goal_met: Whether their 95 % intervals lie within the goal.
        warning: A risk that no metric shows; empty if there is none.
        not_comparable: Why its latencies are not comparable with the incident's, and
            decide nothing: other requests were answered. None if they are.
        is_slow: Whether its p99 is several times as long.
        effort: What it takes: a setting, code, or a new component; of several remedies
            the most.
        setting: The value that it sets; empty of several remedies.
        requests: How many requests a run has, on average: those of the same clients.
        replications: Under how many seeds it was measured: under few where these show
            that it does not meet the goal.
        threshold: The weakest setting that meets the goal; None if it has no parameter
            here, or nothing has to be met.
    """

    kind: str
    label: str
    changed: str
    scenario: Scenario = field(repr=False)
    scenario_sha256: str
    metrics: dict[str, Estimate]
    paired: dict[str, Estimate]
    verdict: VerdictWord
    is_goal_met: bool = field(default=False, repr=False)
    warning: str = ""
    not_comparable: str | None = None
    is_slow: bool = False
    effort: Effort = "component"
    setting: str = ""
    requests: float = 0.0
    replications: int = 0
    threshold: "Threshold | None" = None

    @property
    def meets(self) -> "Counterfactual | None":
        """Itself, or itself at a threshold that is chosen, if that fixes the incident.

        Or else if it hides it; None if it meets the goal at neither setting.
        """
        threshold = self.threshold
        at = threshold.at if threshold and threshold.is_chosen else None
        both = [one for one in (self, at) if one is not None]
        for word in ("fixes", "hides"):
            for one in both:
                if one.verdict == word and one.is_goal_met:
                    return one
        return None


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
    """Try every remedy alone; return those that apply, and those that do not.

    Those that may meet the goal are measured under all seeds; for the others few seeds
    are enough, unless they leave the verdict open.
    """
    applied: list[Remedy] = []
    skipped: list[Skipped] = []
    for kind, remedy in remedies().items():
        try:
            remedied(scenario, remedy)
        except DoesNotApply as reason:
            is_foreign = isinstance(reason, NoSuchLayer)
            skipped.append(Skipped(kind, remedy.label, str(reason), is_foreign))
        else:
            applied.append(remedy)
    tried = screened(scenario, [(one,) for one in applied], runner, goal)
    return tuple(sorted(tried, key=_rank)), tuple(skipped)


def screened(
    scenario: Scenario,
    together: Iterable[Sequence[Remedy]],
    runner: ScenarioRunner,
    goal: Goal,
) -> list[Counterfactual]:
    """Return what remedies do, measured under as many seeds as they need.

    Raises:
        DoesNotApply: If one of them has nothing to change.
    """
    groups = [tuple(group) for group in together]
    changed = [remedied(scenario, *group)[0] for group in groups]
    found: dict[int, Counterfactual] = {}
    left = list(range(len(groups)))
    for seeds in _stages(runner.replications):
        runner.prepare((changed[place] for place in left), seeds)
        for place in left:
            group = groups[place]
            found[place] = counterfactual(scenario, group, runner, goal, seeds)
        left = [place for place in left if _is_open(found[place], goal, runner)]
    return [found[place] for place in range(len(groups))]


def _stages(replications: int) -> list[int]:
    """Return under how many seeds to measure, first, then, and at last."""
    return [*(few for few in _FEW_SEEDS if 2 * few <= replications), replications]


def _is_open(one: Counterfactual, goal: Goal, runner: ScenarioRunner) -> bool:
    """Say whether it may meet the goal, or its seeds leave the verdict open."""
    if one.verdict in {"fixes", "undecided"} or one.is_goal_met:
        return True
    measured = runner.measured(one.scenario, one.replications)
    return goal.is_met_on_average(measured)


def counterfactual(
    scenario: Scenario,
    together: Sequence[Remedy],
    runner: ScenarioRunner,
    goal: Goal,
    seeds: int | None = None,
) -> Counterfactual:
    """Return what remedies do together.

    Args:
        scenario: The incident.
        together: The remedies, in the order in which they are made.
        runner: Measures it.
        goal: What they must achieve.
        seeds: Under how many; under all if absent.

    Raises:
        DoesNotApply: If one of them has nothing to change.
    """
    changed, texts = remedied(scenario, *together)
    before, after = (runner.measured(one, seeds) for one in (scenario, changed))
    check_same_clients(scenario, changed, before, after)
    is_closed = scenario.traffic.is_closed
    return Counterfactual(
        kind="+".join(remedy.kind for remedy in together),
        label=" + ".join(remedy.label for remedy in together),
        changed="; ".join(texts),
        scenario=changed,
        scenario_sha256=changed.sha256,
        metrics={name: after.estimate(name) for name in SHOWN},
        paired={name: paired(name, before, after).change for name in SHOWN},
        verdict=verdict(
            before,
            after,
            goal,
            is_closed=is_closed,
            has_same_arrivals=have_same_traffic(scenario, changed),
            has_queue=any(isinstance(layer, LoadControl) for layer in scenario.path),
        ),
        is_goal_met=goal.is_met(after),
        warning="; ".join(remedy.warning for remedy in together if remedy.warning),
        not_comparable=ErrorShares.of(
            (scenario, changed), (before, after), is_paired=True
        ).reason,
        is_slow=Effect(before, after, is_closed).is_much_longer,
        effort=max((one.effort for one in together), key=EFFORTS.index),
        setting=together[0].value_text(texts[0]) if len(together) == 1 else "",
        requests=after.estimate("requests").mean or 0.0,
        replications=after.replications,
    )


def _rank(one: Counterfactual) -> tuple[int, float, bool]:
    hits = one.metrics["origin_hits"].mean or 0.0
    return get_args(VerdictWord).index(one.verdict), hits, bool(one.warning)
