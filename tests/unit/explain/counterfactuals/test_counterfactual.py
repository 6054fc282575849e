"""A verdict is earned: each word needs its interval."""

from itertools import groupby

import pytest

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.counterfactuals.counterfactual import counterfactuals, verdict
from simcoalesce.explain.counterfactuals.goal import Goal, goal_of
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.metrics import METRICS
from simcoalesce.metrics.expectation import Expectation
from tests.unit.explain.builders import a_scenario


def measured(**values: tuple[float, ...]) -> MetricValues:
    """Return what three replications measured; 0 where nothing is said."""
    zeros = dict.fromkeys(METRICS, (0.0, 0.0, 0.0))
    return MetricValues(1, {**zeros, **values})


BEFORE = measured(
    origin_hits=(100, 102, 98),
    errors=(40, 41, 39),
    origin_accepted=(60, 61, 59),
    origin_rejected=(40, 41, 39),
)


@pytest.mark.parametrize(
    ("after", "word"),
    [
        (measured(origin_hits=(1, 1, 1)), "fixes"),
        (measured(origin_hits=(50, 51, 49), errors=(9, 8, 9)), "helps, not enough"),
        (
            measured(origin_hits=(100, 102, 98), origin_accepted=(99, 99, 99)),
            "hides it",
        ),
        (measured(origin_hits=(200, 201, 199)), "worse"),
        (BEFORE, "no effect"),
        (
            measured(origin_hits=(60, 150, 90), errors=(10, 80, 30)),
            "undecided",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_verdict_says_what_a_change_did(after: MetricValues, word: str) -> None:
    """From paired intervals of calls and errors."""
    goal = goal_of(a_scenario(), BEFORE)

    assert verdict(BEFORE, after, goal) == word


def test_a_change_after_which_the_slowest_wait_long_is_worse() -> None:
    """However few calls it makes."""
    before = measured(origin_hits=(100, 102, 98), latency_p99_s=(0.1, 0.1, 0.1))
    after = measured(origin_hits=(1, 1, 1), latency_p99_s=(30, 30, 30))

    assert verdict(before, after, goal_of(a_scenario(), before)) == "worse"


def test_an_object_per_key_ends_a_stampede_and_a_limit_hides_it() -> None:
    """The words of the two best known cures."""
    scenario = a_scenario()
    runner = ScenarioRunner(seed=1, replications=4)
    goal = goal_of(scenario, runner.measured(scenario))

    tried, skipped = counterfactuals(scenario, runner, goal)

    words = {one.kind: one.verdict for one in tried}
    assert words["object_per_key"] == "fixes"
    assert words["higher_limit"] == "hides it"
    assert "jittered_ttl" in [one.kind for one in skipped if not one.is_foreign]


def test_settings_of_layers_that_a_path_has_not_are_foreign_to_it() -> None:
    """A worker with KV has no lock of nginx."""
    scenario, runner = a_scenario(), ScenarioRunner(seed=1, replications=2)
    goal = goal_of(scenario, runner.measured(scenario))

    _, skipped = counterfactuals(scenario, runner, goal)

    assert {"lock_updating", "longer_lock", "retry_the_read"} <= {
        one.kind for one in skipped if one.is_foreign
    }


def test_a_change_helps_at_most_where_the_goal_is_met_already() -> None:
    """It may help, and that is all."""
    before = measured(origin_hits=(5, 5, 5))
    after = measured(origin_hits=(2, 2, 2))
    goal = goal_of(a_scenario(), before, needed=5)

    assert goal.is_met_already
    assert verdict(before, after, goal) == "helps"


def test_a_long_wait_for_an_error_counts_too() -> None:
    """An answer after two seconds is no worse than a time-out after three."""
    before = measured(
        origin_hits=(100, 102, 98),
        errors=(50, 51, 49),
        latency_p99_s=(0.1, 0.1, 0.1),
        latency_error_p99_s=(3, 3, 3),
    )
    after = measured(origin_hits=(1, 1, 1), latency_p99_s=(2, 2, 2))

    assert verdict(before, after, goal_of(a_scenario(), before)) == "fixes"


def test_calls_that_bring_answers_instead_of_errors_are_not_worse() -> None:
    """A map that hands out one error for ever makes no calls."""
    before = measured(origin_hits=(1, 1, 1), errors=(900, 910, 890))
    after = measured(origin_hits=(300, 310, 290), origin_accepted=(300, 310, 290))

    assert verdict(before, after, goal_of(a_scenario(), before)) == "fixes"


def test_more_calls_than_errors_spared_are_worse() -> None:
    """Retries bring a few answers at the price of many calls."""
    after = measured(origin_hits=(200, 204, 196), errors=(30, 31, 29))

    assert verdict(BEFORE, after, goal_of(a_scenario(), BEFORE)) == "worse"


@pytest.mark.parametrize("more", [60, 45], ids=["half as many again", "an eighth"])
def test_fewer_calls_with_more_errors_are_worse(more: int) -> None:
    """Nobody is helped by an origin that is spared because requests fail."""
    after = measured(origin_hits=(1, 1, 1), errors=(more, more + 1, more - 1))
    few_calls = Goal((Expectation.model_validate("origin_hits <= 30"),))

    assert few_calls.is_met(after)
    assert verdict(BEFORE, after, few_calls) == "worse"


def test_as_many_more_calls_as_errors_spared_are_worse() -> None:
    """A call for each answer is what there would be without any cache."""
    after = measured(origin_hits=(140, 143, 137), errors=(0, 0, 0))
    few_calls = Goal((Expectation.model_validate("origin_hits <= 30"),))

    assert verdict(BEFORE, after, few_calls) == "worse"


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (101.5, "no effect"),
        (104, "undecided"),
        (106, "worse"),
        (97, "helps, not enough"),
    ],
)
def test_a_verdict_on_calls_has_its_margins(now: float, word: str) -> None:
    """Up to 2 % is no effect, more than 5 % is more, and fewer is fewer."""
    before = measured(origin_hits=(100, 100, 100))
    after = measured(origin_hits=(now, now, now))

    assert verdict(before, after, goal_of(a_scenario(), before)) == word


@pytest.mark.parametrize(
    ("slowest_s", "word"), [((6, 6, 0.2), "fixes"), ((0.5, 0.5, 0.5), "fixes")]
)
def test_the_slowest_wait_long_only_if_all_seeds_say_so(
    slowest_s: tuple[float, ...], word: str
) -> None:
    """Beyond five times as long, in each of them."""
    before = measured(origin_hits=(100, 100, 100), latency_p99_s=(0.1, 0.1, 0.1))
    after = measured(origin_hits=(1, 1, 1), latency_p99_s=slowest_s)

    assert verdict(before, after, goal_of(a_scenario(), before)) == word


def test_a_limit_that_refuses_less_hides_it_only_if_the_origin_serves_more() -> None:
    """Fewer refusals from fewer calls are a help."""
    after = measured(
        origin_hits=(70, 71, 69),
        errors=(20, 21, 19),
        origin_rejected=(20, 21, 19),
        origin_accepted=(50, 50, 50),
    )

    assert verdict(BEFORE, after, goal_of(a_scenario(), BEFORE)) == "helps, not enough"


def test_what_helps_most_is_told_first() -> None:
    """By verdict, then by the calls that are left."""
    scenario, runner = a_scenario(), ScenarioRunner(seed=1, replications=3)
    goal = goal_of(scenario, runner.measured(scenario))

    made, _ = counterfactuals(scenario, runner, goal)

    words = [one.verdict for one in made]
    assert (words[0], words[-1]) == ("fixes", "worse")
    assert len(list(groupby(words))) == len(set(words))
    for _, alike in groupby(made, key=lambda one: one.verdict):
        hits = [one.metrics["origin_hits"].mean or 0.0 for one in alike]
        assert hits == sorted(hits)


@pytest.mark.parametrize(
    ("errors", "p99_s", "word"),
    [(230, 2, "fixes"), (0, 2, "worse"), (230, 82, "worse")],
)
def test_waits_of_other_requests_make_nothing_worse_unless_endless(
    errors: int, p99_s: float, word: str
) -> None:
    """Of 1,000 requests 230 were refused: they may wait now, but not for 82 s."""
    waits_s = (p99_s, p99_s, p99_s)
    before = measured(
        requests=(1000, 1000, 1000),
        origin_hits=(100, 102, 98),
        errors=(errors, errors, errors),
        latency_p99_s=(0.2, 0.2, 0.2),
    )
    after = measured(
        requests=(1000, 1000, 1000),
        origin_hits=(1, 1, 1),
        latency_p99_s=waits_s,
        latency_all_p99_s=waits_s,
    )

    assert verdict(before, after, goal_of(a_scenario(), before)) == word


def test_a_change_says_why_its_latencies_decide_nothing() -> None:
    """The object per key answers whom the incident refuses."""
    scenario, runner = a_scenario(), ScenarioRunner(seed=1, replications=4)
    goal = goal_of(scenario, runner.measured(scenario))

    found = {one.kind: one for one in counterfactuals(scenario, runner, goal)[0]}

    why = found["object_per_key"].not_comparable
    assert str(why).endswith("% were refused before")
    assert not found["object_per_key"].is_slow
