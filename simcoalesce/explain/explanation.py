"""Explanations: the results of all engines on one incident, in one object."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.experiment.result import SCHEMA_VERSION, tool
from simcoalesce.experiment.single_run import run
from simcoalesce.explain.assumption import Assumption, assumptions
from simcoalesce.explain.calibration.consistency import consistency
from simcoalesce.explain.calibration.hypothesis import Consistency
from simcoalesce.explain.causes.attribution import Attribution, attribution
from simcoalesce.explain.causes.cause import Incident
from simcoalesce.explain.causes.harm import harm_of
from simcoalesce.explain.claims.claim_evaluation import claim_results
from simcoalesce.explain.claims.claim_result import ClaimResult
from simcoalesce.explain.closed_form.closed_form import ClosedForm, closed_form
from simcoalesce.explain.counterfactuals.change_set import ChangeSet, change_set
from simcoalesce.explain.counterfactuals.combinations import combinations
from simcoalesce.explain.counterfactuals.counterfactual import (
    SHOWN,
    Counterfactual,
    Skipped,
    counterfactuals,
)
from simcoalesce.explain.counterfactuals.floor import Floor, floor_of
from simcoalesce.explain.counterfactuals.goal import Goal, goal_of, needed_calls
from simcoalesce.explain.counterfactuals.recommendation import Recommended, recommended
from simcoalesce.explain.counterfactuals.threshold import Threshold, with_thresholds
from simcoalesce.explain.parallel import Pools, pools_for, submit
from simcoalesce.explain.run_plan import RunPlan
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.story_run import story_run
from simcoalesce.explain.timeline.timeline import timeline
from simcoalesce.outcomes import Outcomes
from simcoalesce.plain import plain, plain_fields
from simcoalesce.scenario.scenario import Scenario


@dataclass(frozen=True)
class Explanation:
    """What happened, why, what each change alone would have done, and what is true.

    Attributes:
        scenario: The incident.
        seed: Of the timeline, and of the first replication.
        replications: How many paired seeds the tables rest on.
        runs: How many runs were simulated.
        outcomes: The run of the timeline.
        base: The metrics of the incident.
        requests: How many requests a run has, on average.
        goal: What a remedy has to achieve.
        closed_form: Of the number of calls; None if there is none.
        counterfactuals: Each remedy alone.
        skipped: Remedies that do not apply.
        shipped: The remedies that shipped; None if none are known.
        attribution: The harm, divided between its causes; None if there is no harm, or
            nothing that could be taken out makes it less.
        combinations: Several remedies that meet the goal together, where none does
            alone.
        floor: What a perfect cache would leave of the timeline's run.
        recommended: The changes that meet the goal, the one to make first first.
        consistency: Whether all observations can be true; None if there are none.
        assumed: What the file states of the incident and no observation does.
        no_verdict: Why nothing follows from the runs; empty if something does. Then
            there are no shares and no thresholds, and observations are not judged.
    """

    scenario: Scenario = field(repr=False)
    seed: int = field(repr=False)
    replications: int = field(repr=False)
    runs: int = field(repr=False)
    outcomes: Outcomes = field(repr=False)
    base: dict[str, Estimate] = field(repr=False)
    requests: float = field(repr=False)
    goal: Goal = field(repr=False)
    timeline: tuple[Event, ...]
    closed_form: ClosedForm | None
    counterfactuals: tuple[Counterfactual, ...] = field(repr=False)
    skipped: tuple[Skipped, ...]
    shipped: ChangeSet | None
    attribution: Attribution | None
    combinations: tuple[Counterfactual, ...]
    floor: Floor
    recommended: tuple[Recommended, ...]
    consistency: Consistency | None
    assumed: tuple[Assumption, ...]
    claim_results: tuple[ClaimResult, ...]
    no_verdict: str = field(default="", repr=False)

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Of the remedies that have a parameter; none where the goal is met already."""
        found = (one.threshold for one in self.counterfactuals)
        return tuple(one for one in found if one is not None)

    @cached_property
    def changed_outcomes(self) -> tuple[Outcomes, ...]:
        """The run of the timeline's seed under each counterfactual, simulated once.

        Only pictures show single runs of changes, so the text forms do without them.
        """
        return tuple(run(one.scenario, seed=self.seed) for one in self.counterfactuals)

    def document(self) -> dict[str, Any]:
        """Return the explanation as plain values: the contract of ``--json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": tool(),
            "run": {
                "scenario": self.scenario.label,
                "scenario_sha256": self.scenario.sha256,
                "seed": self.seed,
                "replications": self.replications,
                "runs": self.runs,
            },
            "metrics": plain(self.base),
            "goal": [str(expected) for expected in self.goal.expectations],
            "no_verdict": self.no_verdict or None,
            **plain_fields(self),
            "causes": plain(self.attribution.causes) if self.attribution else [],
            "remedies": plain(self.counterfactuals),
        }


def explain(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replications: int | None = None,
    on_run: Callable[[int, int], None] | None = None,
    jobs: int = 1,
) -> Explanation:
    """Explain an incident: simulate it, and every change, under paired seeds.

    Args:
        scenario: The incident.
        seed: Of the timeline, and of the first replication; its own if absent.
        replications: How many paired seeds; its own number if absent.
        on_run: Called with the number of runs so far, and of how many there will be
            about, from time to time.
        jobs: How many processes may share the work. They are started only where that
            saves time, and change nothing else.

    Raises:
        ValueError: If there are fewer than two replications, or a claim is wrong.
    """
    first = scenario.seed if seed is None else seed
    wanted = scenario.replications if replications is None else replications
    if wanted < 2:
        raise ValueError("an explanation needs two replications or more")
    with pools_for(scenario, jobs) as pools:
        runner = ScenarioRunner(
            seed=first,
            replications=wanted,
            on_run=on_run,
            pool=pools.measuring,
            plan=RunPlan(_expected_runs(wanted)),
        )
        return _explained(scenario, runner, pools)


def _expected_runs(replications: int) -> dict[str, int]:
    """Return about how many runs each phase makes, where there is most to try."""
    return {
        "remedies": 100 + 4 * replications,
        "thresholds": 60 + 3 * replications,
        "combinations": 100,
        "double traffic": 25,
        "causes": 150,
        "claims": 2 * replications,
    }


def _explained(scenario: Scenario, runner: ScenarioRunner, pools: Pools) -> Explanation:
    # Observations and claims are about the incident, not about a variant of it.
    incident = scenario.with_variant(None) if scenario.variant else scenario
    seed, replications = runner.seed, runner.replications
    runner.measured(scenario, 1)  # kernels are compiled once, before others need them
    calibrated = submit(
        pools.searching, _calibrated, incident, seed=seed, replications=replications
    )
    predicted = submit(pools.measuring, closed_form, scenario, seed=seed)
    base = runner.measured(scenario)
    outcomes = story_run(scenario, seed=seed)
    floor = floor_of(scenario, outcomes)
    needed = max(needed_calls(outcomes), floor.calls)
    goal = goal_of(scenario, base, needed=needed)
    tried = _tried(scenario, runner, goal, has_verdict=not base.no_verdict)
    variant = scenario if scenario.variant else None
    shipped = change_set(incident, runner, variant=variant)
    is_open = bool(base.no_verdict)
    runner.begin("causes")
    harm = None if is_open else harm_of(goal, base, scenario.expect)
    found_by = Incident(scenario, outcomes, seed)
    attributed = attribution(found_by, harm, runner) if harm else None
    runner.begin("claims")
    evaluated = claim_results(incident, runner)
    can_be_true, further_runs = calibrated()
    return Explanation(
        scenario=scenario,
        seed=seed,
        replications=replications,
        outcomes=outcomes,
        base={name: base.estimate(name) for name in (*SHOWN, "first_rejected_at_s")},
        requests=base.estimate("requests").mean or 0.0,
        timeline=timeline(outcomes, scenario.path, scenario.changes),
        closed_form=predicted(),
        goal=goal,
        counterfactuals=tried.remedies,
        skipped=tried.skipped,
        shipped=shipped,
        attribution=attributed,
        combinations=tried.combinations,
        floor=floor,
        recommended=tried.recommended,
        claim_results=evaluated,
        consistency=None if is_open else can_be_true,
        assumed=assumptions(incident, tried.thresholds),
        no_verdict=base.no_verdict,
        runs=runner.runs + further_runs,
    )


class _Tried(NamedTuple):
    """The remedies that were tried, alone and together, and what they are good for."""

    remedies: tuple[Counterfactual, ...]
    skipped: tuple[Skipped, ...]
    combinations: tuple[Counterfactual, ...]
    recommended: tuple[Recommended, ...]

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """The thresholds of those that have one."""
        return tuple(one.threshold for one in self.remedies if one.threshold)


def _tried(
    scenario: Scenario, runner: ScenarioRunner, goal: Goal, *, has_verdict: bool
) -> _Tried:
    runner.begin("remedies")
    tried, skipped = counterfactuals(scenario, runner, goal)
    if not has_verdict:
        return _Tried(tried, skipped, (), ())
    runner.begin("thresholds")
    tried = with_thresholds(scenario, runner, goal, tried)
    runner.begin("combinations")
    together = combinations(scenario, runner, goal, tried)
    runner.begin("double traffic")
    advised = recommended(scenario, runner, goal, tried, together)
    return _Tried(tried, skipped, together, advised)


def _calibrated(
    scenario: Scenario, *, seed: int, replications: int
) -> tuple[Consistency | None, int]:
    """Return whether a report can be true, and how many runs that took."""
    runner = ScenarioRunner(seed=seed, replications=replications)
    return consistency(scenario, runner), runner.runs
