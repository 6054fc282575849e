"""Explanations: all that is known of an incident, in one object."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, Final

from simcoalesce.experiment.estimate import Estimate
from simcoalesce.experiment.result import tool
from simcoalesce.experiment.run import run
from simcoalesce.explain.aside import begun, pool_for
from simcoalesce.explain.attribution import Attribution, attribution
from simcoalesce.explain.bench import RUNS_TO_COME, Bench
from simcoalesce.explain.bundle import Bundle, bundle
from simcoalesce.explain.consistency import consistency
from simcoalesce.explain.counterfactual import (
    SHOWN,
    Counterfactual,
    Skipped,
    counterfactuals,
)
from simcoalesce.explain.court import judgements
from simcoalesce.explain.fix import Fix, fixes
from simcoalesce.explain.goal import Goal, goal_of, needed_calls
from simcoalesce.explain.judgement import Judgement
from simcoalesce.explain.law import Law, law
from simcoalesce.explain.reading import Consistency
from simcoalesce.explain.story import Event, story
from simcoalesce.explain.tipping import TippingPoint, tipping_points
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
    law: Law | None
    goal: Goal
    counterfactuals: tuple[Counterfactual, ...]
    skipped: tuple[Skipped, ...]
    shipped: Bundle | None
    attribution: Attribution | None
    tipping_points: tuple[TippingPoint, ...]
    judgements: tuple[Judgement, ...]
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
            "law": self.law.document() if self.law else None,
            "goal": [str(expected) for expected in self.goal.expectations],
            "counterfactuals": [one.document() for one in self.counterfactuals],
            "skipped": [one.document() for one in self.skipped],
            "shipped": self.shipped.document() if self.shipped else None,
            "attribution": self.attribution.document() if self.attribution else None,
            "tipping_points": [one.document() for one in self.tipping_points],
            "consistency": self.consistency.document() if self.consistency else None,
            "claims": [one.document() for one in self.judgements],
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
        bench = Bench(seed=first, replications=wanted, on_run=on_run, pool=pool)
        return _explained(scenario, bench, pool)


def _explained(scenario: Scenario, bench: Bench, pool: Executor | None) -> Explanation:
    # Reports and claims are of what happened, not of a variant that might have.
    reported = scenario.with_variant(None) if scenario.variant else scenario
    read = begun(
        pool, _read, reported, seed=bench.seed, replications=bench.replications
    )
    ruled = begun(pool, law, scenario, seed=bench.seed)
    base = bench.measured(scenario)
    outcomes = run(scenario, seed=bench.seed, repeats=RUNS_TO_COME)
    goal = goal_of(scenario, base, needed=needed_calls(outcomes))
    tried, skipped = counterfactuals(scenario, bench, goal)
    shipped = bundle(reported, bench, variant=scenario if scenario.variant else None)
    attributed = attribution(scenario, _causes(tried), bench)
    tipping = tipping_points(scenario, bench, goal)
    judged = judgements(reported, bench)
    fits, further_runs = read()
    return Explanation(
        scenario=scenario,
        seed=bench.seed,
        replications=bench.replications,
        outcomes=outcomes,
        base={name: base.estimate(name) for name in SHOWN},
        requests=base.estimate("requests").mean or 0.0,
        story=story(outcomes),
        law=ruled(),
        goal=goal,
        counterfactuals=tried,
        skipped=skipped,
        shipped=shipped,
        attribution=attributed,
        tipping_points=tipping,
        judgements=judged,
        consistency=fits,
        runs=bench.runs + further_runs,
    )


def _read(
    scenario: Scenario, *, seed: int, replications: int
) -> tuple[Consistency | None, int]:
    """Return what of a report can be true, and how many runs that took."""
    bench = Bench(seed=seed, replications=replications)
    return consistency(scenario, bench), bench.runs


def _causes(tried: Sequence[Counterfactual]) -> list[Fix]:
    """Return the fixes of causes that did anything good here."""
    helping = {one.kind for one in tried if one.verdict not in {"worse", "no effect"}}
    return [fix for fix in fixes().values() if fix.is_cause and fix.kind in helping]
