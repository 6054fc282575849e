"""A goal is what a scenario expects and misses."""

from dataclasses import replace
from pathlib import Path

import pytest

from simcoalesce import Scenario, run
from simcoalesce.explain.counterfactuals.goal import Goal, goal_of, needed_calls
from simcoalesce.explain.counterfactuals.verdict import verdict
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.metrics.expectation import Expectation
from tests.unit.explain.builders import a_scenario
from tests.unit.report.builders import calls_of, outcomes_of

ASSETS = Path(__file__).parents[3] / "assets" / "explain"


QUEUE = ["origin.faults=[]", "origin.concurrency=9", "origin.queue_limit=9"]
"""An origin that fails by nothing but its queue."""


def goal(more: str = "") -> Goal:
    """Return the goal of a small incident: about 100 calls, 40 of them refused."""
    scenario = a_scenario(more=more)
    return goal_of(scenario, ScenarioRunner(seed=1, replications=3).measured(scenario))


def test_what_is_expected_and_missed_is_the_goal() -> None:
    """And what is met is not."""
    known = goal("expect: [origin_hits <= 5, origin_hits >= 20]")

    assert [str(one) for one in known.expectations] == ["origin_hits <= 5"]


@pytest.mark.parametrize(
    ("expectations", "those"),
    [
        ("[{that: origin_hits <= 5, level: warn}]", ["origin_hits <= 5"]),
        ("[{that: origin_hits <= 5, reproduces: true}, errors <= 3]", ["errors <= 3"]),
        ("[origin_hits == 97, origin_hits <= 5]", ["origin_hits <= 5"]),
        ("[origin_hits == 97, origin_hits <= 500]", ["origin_hits == 97"]),
    ],
    ids=["a warning", "no report", "what fails", "or else what is undecided"],
)
def test_a_goal_is_what_is_missed_unless_it_only_reproduces(
    expectations: str, those: list[str]
) -> None:
    """Whether the parameters say what was reported is no matter of a remedy."""
    known = goal(f"expect: {expectations}")

    assert [str(one) for one in known.expectations] == those


def test_an_observation_is_no_goal() -> None:
    """It is what happened, whether the parameters say so or not."""
    known = goal("observations: [{text: fewer, that: origin_hits <= 5}]")

    assert "origin_hits <= 5" not in map(str, known.expectations)


def test_without_a_missed_expectation_the_goal_is_the_usual_one() -> None:
    """Nobody gets an error, and the origin a tenth of its calls."""
    known = goal()
    calls, errors = (str(one) for one in known.expectations)

    assert errors == "errors == 0"
    assert 8 <= int(calls.removeprefix("origin_hits <= ")) <= 12


def test_the_usual_goal_asks_for_no_fewer_calls_than_are_needed() -> None:
    """Ten thousand cold products are ten thousand calls, whatever shares fetches."""
    scenario = a_scenario()
    measured = ScenarioRunner(seed=1, replications=3).measured(scenario)

    known = goal_of(scenario, measured, needed=60)

    assert str(known.expectations[0]) == "origin_hits <= 63"


def test_a_path_that_wastes_no_call_meets_the_usual_goal() -> None:
    """No remedy is needed."""
    scenario = a_scenario("path=[kv.read, durable_object, kv.write, origin]")
    measured = ScenarioRunner(seed=1, replications=3).measured(scenario)

    assert goal_of(scenario, measured, needed=1).is_met_already


def test_of_a_stampede_one_call_is_needed() -> None:
    """All others met one under way."""
    assert needed_calls(run(a_scenario("origin.rate_limit=unlimited"))) == 1


def test_a_call_for_each_burst_is_needed_where_the_entry_has_expired() -> None:
    """When it was made, there was no fetch to share."""
    thrice = "traffic.arrivals[0].every=61s"
    outcomes = run(a_scenario(thrice, "origin.rate_limit=unlimited", "duration=150s"))

    assert needed_calls(outcomes) == 3


def test_each_key_needs_its_own_call() -> None:
    """A fetch of another key is none to share."""
    keys = "traffic.keys={kind: weighted, weights: {a: 1, b: 1}}"

    assert needed_calls(run(a_scenario(keys))) == 2


def test_who_queued_before_a_mutex_could_have_shared_its_fetch() -> None:
    """Calls that follow one another are no more needed for that."""
    path = "path=[kv.read, {durable_object: {gate: block_concurrency}}, origin]"

    assert needed_calls(run(a_scenario(path, "origin.rate_limit=unlimited"))) == 1


def test_where_few_calls_go_with_many_errors_the_goal_is_about_errors() -> None:
    """A poisoned map spares the origin, and nobody is served."""
    scenario = a_scenario(
        "path=[{durable_object: {cleanup: never}}, origin]",
        "origin.faults=[{kind: first, calls: 1, status: 500}]",
    )
    measured = ScenarioRunner(seed=1, replications=3).measured(scenario)

    assert [str(one) for one in goal_of(scenario, measured).expectations] == [
        "errors == 0"
    ]


@pytest.mark.parametrize(
    ("arrived", "status", "needed"),
    [(10, 200, 2), (9, 200, 1), (10, 500, 1)],
    ids=["when it had ended", "while it was under way", "an error brings nothing"],
)
def test_a_call_is_needed_if_none_could_be_shared(
    arrived: int, status: int, needed: int
) -> None:
    """Who arrives when a fetch ends is too late to share it; an error is no answer."""
    calls = calls_of([0, 1], [0, 20], [10, 30], [status, 200], [0, 0])

    assert needed_calls(outcomes_of([0, arrived], calls=calls)) == needed


def test_a_goal_about_what_a_run_does_not_have_is_not_met() -> None:
    """Where nothing failed, no failed request has a latency."""
    measured = ScenarioRunner(seed=1, replications=2).measured(
        a_scenario("origin.rate_limit=unlimited")
    )
    late = Goal((Expectation.model_validate("latency_error_p50_s >= 1s"),))

    assert not late.is_met_on_average(measured)


def test_what_never_happens_is_later_than_any_time() -> None:
    """Where nothing is refused, the first refusal does not come too early."""
    measured = ScenarioRunner(seed=1, replications=2).measured(
        a_scenario("origin.rate_limit=unlimited")
    )
    late = Goal((Expectation.model_validate("first_rejected_at_s >= 1s"),))

    assert late.is_met(measured)
    assert late.is_met_on_average(measured)


def test_an_origin_that_never_refuses_misses_no_first_refusal() -> None:
    """And one that does, at 1 s, misses it: then never refusing is a fix."""
    scenario = Scenario.load(ASSETS / "never-refused.yaml")
    limited = scenario.with_overrides(
        "origin.rate_limit={kind: fixed_window, limit: 25, per: 10s}"
    )
    runner = ScenarioRunner(seed=1, replications=3)
    free, refused = (runner.measured(one) for one in (scenario, limited))
    goal = goal_of(limited, refused)

    assert "first_rejected_at_s >= 5s" not in map(
        str, goal_of(scenario, free).expectations
    )
    assert [str(one) for one in goal.expectations] == ["first_rejected_at_s >= 5s"]
    assert verdict(refused, free, replace(goal, needed=50)) == "fixes"


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        (["origin.rate_limit=unlimited"], ["errors == 0"]),
        ([], ["origin_hits <= 20", "errors == 0"]),
        (["origin.rate_limit=unlimited", *QUEUE], ["origin_hits <= 20", "errors == 0"]),
    ],
    ids=["faults alone", "a limit too", "a full queue alone"],
)
def test_where_faults_alone_make_errors_calls_are_no_goal(
    overrides: list[str], expected: list[str]
) -> None:
    """Fewer calls end no outage; at a limit they would end refusals."""
    faults = "origin.faults=[{kind: first, calls: 30}]"
    scenario = a_scenario(faults, *overrides)
    measured = ScenarioRunner(seed=1, replications=2).measured(scenario)
    goal = goal_of(scenario, measured, needed=19)

    assert list(map(str, goal.expectations)) == expected
