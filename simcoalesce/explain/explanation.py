"""Explanations: all that is known of an incident, in one object."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, Final

from simcoalesce.experiment.estimate import Estimate
from simcoalesce.experiment.result import tool
from simcoalesce.experiment.run import run
from simcoalesce.explain.calibration.calibration import consistency
from simcoalesce.explain.calibration.hypothesis import Consistency
from simcoalesce.explain.claims.claim_evaluation import claim_results
from simcoalesce.explain.claims.claim_result import ClaimResult
from simcoalesce.explain.closed_form.closed_form import ClosedForm, closed_form
from simcoalesce.explain.counterfactuals.attribution import Attribution, attribution
from simcoalesce.explain.counterfactuals.change_set import ChangeSet, change_set
from simcoalesce.explain.counterfactuals.counterfactual import (
    SHOWN,
    Counterfactual,
    Skipped,
    counterfactuals,
)
from simcoalesce.explain.counterfactuals.goal import Goal, goal_of, needed_calls
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedies
from simcoalesce.explain.counterfactuals.threshold import Threshold, thresholds
from simcoalesce.explain.parallel import begun, pool_for
from simcoalesce.explain.scenario_runner import RUNS_TO_COME, ScenarioRunner
from simcoalesce.explain.timeline.timeline import Event, timeline
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario

SCHEMA_VERSION: Final = "1"


@dataclass(frozen=True)
class Explanation:
    """What happened, why, what each change alone would have done, and what holds.

    Attributes:
        scenario: The incident.
        seed: Of the story, and of the first replication.
        replications: How many paired seeds the tables rest on.
        outcomes: The run that the story tells.
        base: The metrics of the incident that the tables show.
        requests: How many requests a run has, on average.
        story: What happened in one run.
        law: The closed form of the count; None if there is none.
        goal: What a fix has to achieve.
        counterfactuals: Each fix alone.
        skipped: Fixes that do not apply.
        shipped: The fixes that shipped, together; None if the scenario names none.
        attribution: The origin hits shared between causes; None if there are no two,
            or they take nothing away.
        tipping_points: How far each fix has to go; none if the goal is met already.
        judgements: The claims of the post-mortem.
        consistency: Whether all that was reported can be true; None without reports.
        runs: How many runs the tables took.
    """

    scenario: Scenario
    seed: int
    replications: int
    outcomes: Outcomes = field(repr=False)
    base: dict[str, Estimate]
    requests: float
    story: tuple[Event, ...]
    closed_form: ClosedForm | None
    goal: Goal
    counterfactuals: tuple[Counterfactual, ...]
    skipped: tuple[Skipped, ...]
    shipped: ChangeSet | None
    attribution: Attribution | None
    thresholds: tuple[Threshold, ...]
    claim_results: tuple[ClaimResult, ...]
    consistency: Consistency | None
    runs: int

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
            "metrics": {name: one.document() for name, one in self.base.items()},
            "story": [event.document() for event in self.story],
            "law": self.closed_form.document() if self.closed_form else None,
            "goal": [str(expected) for expected in self.goal.expectations],
            "counterfactuals": [one.document() for one in self.counterfactuals],
            "skipped": [one.document() for one in self.skipped],
            "shipped": self.shipped.document() if self.shipped else None,
            "attribution": self.attribution.document() if self.attribution else None,
            "tipping_points": [one.document() for one in self.thresholds],
            "consistency": self.consistency.document() if self.consistency else None,
            "claims": [one.document() for one in self.claim_results],
        }


def explain(
    scenario: Scenario,
    *,
    seed: int | None = None,
    replications: int | None = None,
    on_run: Callable[[int], None] | None = None,
    jobs: int = 1,
) -> Explanation:
    """Explain an incident: simulate it, and every change, under paired seeds.

    Args:
        scenario: The incident.
        seed: Of the story, and of the first replication; its own if absent.
        replications: How many paired seeds; its own number if absent.
        on_run: Called with the number of runs so far, now and then.
        jobs: How many processes may share the work; those of this call are started
            only where it is worth it. They change nothing but the time.

    Raises:
        ValueError: If fewer than two replications are wanted, or a claim is wrong.
    """
    first = scenario.seed if seed is None else seed
    wanted = scenario.replications if replications is None else replications
    if wanted < 2:
        raise ValueError("an explanation needs two replications or more")
    with pool_for(scenario, jobs) as pool:
        runner = ScenarioRunner(
            seed=first, replications=wanted, on_run=on_run, pool=pool
        )
        return _explained(scenario, runner, pool)


def _explained(
    scenario: Scenario, runner: ScenarioRunner, pool: Executor | None
) -> Explanation:
    # Reports and claims are of what happened, not of a variant that might have.
    reported = scenario.with_variant(None) if scenario.variant else scenario
    read = begun(
        pool, _read, reported, seed=runner.seed, replications=runner.replications
    )
    ruled = begun(pool, closed_form, scenario, seed=runner.seed)
    base = runner.measured(scenario)
    outcomes = run(scenario, seed=runner.seed, repeats=RUNS_TO_COME)
    goal = goal_of(scenario, base, needed=needed_calls(outcomes))
    tried, skipped = counterfactuals(scenario, runner, goal)
    shipped = change_set(
        reported, runner, variant=scenario if scenario.variant else None
    )
    attributed = attribution(scenario, _causes(tried), runner)
    tipping = thresholds(scenario, runner, goal)
    judged = claim_results(reported, runner)
    fits, further_runs = read()
    return Explanation(
        scenario=scenario,
        seed=runner.seed,
        replications=runner.replications,
        outcomes=outcomes,
        base={name: base.estimate(name) for name in SHOWN},
        requests=base.estimate("requests").mean or 0.0,
        story=timeline(outcomes),
        closed_form=ruled(),
        goal=goal,
        counterfactuals=tried,
        skipped=skipped,
        shipped=shipped,
        attribution=attributed,
        thresholds=tipping,
        claim_results=judged,
        consistency=fits,
        runs=runner.runs + further_runs,
    )


def _read(
    scenario: Scenario, *, seed: int, replications: int
) -> tuple[Consistency | None, int]:
    """Return what of a report can be true, and how many runs that took."""
    runner = ScenarioRunner(seed=seed, replications=replications)
    return consistency(scenario, runner), runner.runs


def _causes(tried: Sequence[Counterfactual]) -> list[Remedy]:
    """Return the fixes of causes that did anything good here."""
    helping = {one.kind for one in tried if one.verdict not in {"worse", "no effect"}}
    return [
        remedy
        for remedy in remedies().values()
        if remedy.is_cause and remedy.kind in helping
    ]
