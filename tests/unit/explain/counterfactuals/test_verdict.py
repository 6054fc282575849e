"""A verdict is earned: each word needs its interval."""

from dataclasses import replace
from functools import partial
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.counterfactuals.goal import Goal, goal_of
from simcoalesce.explain.counterfactuals.verdict import VerdictWord, verdict
from tests.unit.explain.builders import a_scenario
from tests.unit.explain.counterfactuals.runs import (
    BEFORE,
    FEW_CALLS,
    NO_ERRORS,
    expected,
    measured,
)


@pytest.mark.parametrize(
    ("after", "word"),
    [
        (measured(origin_hits=(1, 1, 1)), "fixes"),
        (measured(origin_hits=(50, 51, 49), errors=(9, 8, 9)), "helps"),
        (
            measured(origin_hits=(100, 102, 98), origin_accepted=(99, 99, 99)),
            "hides",
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


def test_a_change_helps_at_most_where_the_goal_is_met_already() -> None:
    """It may help, and that is all."""
    before = measured(origin_hits=(5, 5, 5))
    after = measured(origin_hits=(2, 2, 2))
    goal = goal_of(a_scenario(), before, needed=5)

    assert goal.is_met_already
    assert verdict(before, after, goal) == "helps"


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

    assert FEW_CALLS.is_met(after)
    assert verdict(BEFORE, after, FEW_CALLS) == "worse"


@pytest.mark.parametrize("spared", [5, 20, 40])
def test_a_call_for_each_error_that_is_spared_is_no_harm(spared: int) -> None:
    """Whether they are few or many: who was refused is answered."""
    calls, errors = 100 + spared, 40 - spared
    after = measured(
        origin_hits=(calls, calls + 2, calls - 2),
        errors=(errors, errors + 1, errors - 1),
    )

    assert verdict(BEFORE, after, FEW_CALLS) == "helps"


@pytest.mark.parametrize(
    ("errors", "calls", "word"),
    [(1, 140, "helps"), (20, 140, "helps"), (21, 140, "worse"), (1, 152, "worse")],
)
def test_some_calls_more_are_worth_most_of_the_errors(
    errors: int, calls: int, word: str
) -> None:
    """Of 40 errors half must end, for at most half of a hundred calls more.

    The origin refuses nobody: what fails is a time-out before it.
    """
    before = measured(origin_hits=(100, 100, 100), errors=(40, 40, 40))
    after = measured(origin_hits=(calls,) * 3, errors=(errors,) * 3)

    assert verdict(before, after, NO_ERRORS) == word


def test_two_calls_for_each_error_that_is_spared_are_worse() -> None:
    """Beyond the margin of 2 % of the calls."""
    after = measured(origin_hits=(120, 122, 118), errors=(30, 31, 29))

    assert verdict(BEFORE, after, FEW_CALLS) == "worse"


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (101.5, "no effect"),
        (102.5, "worse"),
        (97, "helps"),
    ],
)
def test_a_verdict_on_calls_has_its_margins(now: float, word: str) -> None:
    """Up to 2 % is no effect, and beyond that more is more."""
    before = measured(origin_hits=(100, 100, 100))
    after = measured(origin_hits=(now, now, now))

    assert verdict(before, after, goal_of(a_scenario(), before)) == word


def test_a_limit_that_refuses_less_hides_it_only_if_the_origin_serves_more() -> None:
    """Fewer refusals from fewer calls are a help."""
    after = measured(
        origin_hits=(70, 71, 69),
        errors=(20, 21, 19),
        origin_rejected=(20, 21, 19),
        origin_accepted=(50, 50, 50),
    )

    assert verdict(BEFORE, after, goal_of(a_scenario(), BEFORE)) == "helps"


def test_what_a_queue_refused_and_the_origin_serves_now_is_hidden() -> None:
    """Behind a bulkhead 190 of 400 gave up: a faster origin is called by all."""
    before = measured(
        origin_hits=(210, 210, 210),
        origin_accepted=(210, 210, 210),
        errors=(190, 190, 190),
    )
    served = (400, 400, 400)
    after = measured(origin_hits=served, origin_accepted=served)

    behind = partial(verdict, before, after, has_queue=True)
    assert behind(NO_ERRORS) == "hides"
    assert behind(replace(NO_ERRORS, needed=400)) == "fixes"
    assert behind(NO_ERRORS, has_same_arrivals=False) == "fixes"
    assert verdict(before, after, NO_ERRORS) == "fixes"


def test_a_goal_that_bounds_the_calls_says_how_many_may_be_carried() -> None:
    """Then a larger limit may meet it."""
    after = measured(origin_hits=(90, 90, 90), origin_accepted=(90, 90, 90))
    hundred = Goal(tuple(map(expected, ("origin_hits <= 100", "errors == 0"))))

    assert verdict(BEFORE, after, NO_ERRORS) == "hides"
    assert verdict(BEFORE, after, hundred) == "fixes"


def test_a_change_that_loses_clients_is_worse() -> None:
    """However few errors the others get."""
    everybody = dict(BEFORE.values) | {"requests": (800, 800, 800)}
    after = measured(requests=(312, 312, 312), origin_hits=(3, 3, 3))

    assert verdict(MetricValues(1, everybody), after, NO_ERRORS) == "worse"


def test_fewer_requests_of_a_closed_loop_are_worse_if_fewer_are_answered() -> None:
    """Users who wait longer come less often."""
    before = measured(requests=(800,) * 3, errors=(300,) * 3, origin_hits=(800,) * 3)
    many, few = ((n,) * 3 for n in (600, 400))

    words = [
        verdict(before, measured(requests=n), NO_ERRORS, is_closed=True)
        for n in (many, few)
    ]
    assert words == ["fixes", "worse"]


def test_errors_that_may_be_more_are_not_praised() -> None:
    """Two seeds of three say so, and the goal is met on all of them."""
    after = measured(origin_hits=(1, 1, 1), errors=(39, 60, 55))

    assert FEW_CALLS.is_met(after)
    assert verdict(BEFORE, after, FEW_CALLS) == "undecided"


def test_an_interval_that_straddles_the_goal_is_undecided() -> None:
    """Far fewer calls, and perhaps few enough."""
    after = measured(origin_hits=(25, 31, 33), errors=(40, 41, 39))

    assert verdict(BEFORE, after, FEW_CALLS) == "undecided"


def test_what_comes_nearer_to_the_goal_helps_at_the_price_of_calls() -> None:
    """A hedge makes calls, and the goal is about the slowest."""
    goal = Goal((expected("latency_p99_s <= 1s"),))
    before = measured(origin_hits=(100,) * 3, latency_p99_s=(9, 9, 9))
    nearer = measured(origin_hits=(110,) * 3, latency_p99_s=(7, 7, 7))
    farther = measured(origin_hits=(80,) * 3, latency_p99_s=(11, 11, 11))

    assert verdict(before, nearer, goal) == "helps"
    assert verdict(before, farther, goal) == "worse"


_COUNT = st.integers(0, 400)
_SEEDS = st.tuples(_COUNT, _COUNT, _COUNT)


@given(_SEEDS, _SEEDS, _SEEDS, _SEEDS)
def test_no_word_praises_what_the_numbers_do_not(
    calls: tuple[int, ...],
    errors: tuple[int, ...],
    calls_after: tuple[int, ...],
    errors_after: tuple[int, ...],
) -> None:
    """A fix meets the goal; five per cent more errors are never a help, nor nothing."""
    before = measured(requests=(400,) * 3, origin_hits=calls, errors=errors)
    after = measured(requests=(400,) * 3, origin_hits=calls_after, errors=errors_after)

    word = verdict(before, after, FEW_CALLS)

    assert word != "fixes" or FEW_CALLS.is_met(after)
    if sum(errors_after) > 1.05 * sum(errors):
        assert word in {"worse", "undecided"}


@given(_SEEDS, st.integers(1, 100), st.integers(1, 100))
def test_more_errors_never_make_a_verdict_better(
    errors: tuple[int, ...], more: int, even_more: int
) -> None:
    """The same in each seed, with the same calls."""
    rank = get_args(VerdictWord).index
    before = measured(requests=(999,) * 3, origin_hits=(50,) * 3, errors=errors)
    words = [
        verdict(before, _with_errors(before, added), FEW_CALLS)
        for added in (more, more + even_more)
    ]

    assert rank(words[0]) <= rank(words[1])


def _with_errors(before: MetricValues, added: int) -> MetricValues:
    errors = tuple((one or 0) + added for one in before.values["errors"])
    return measured(requests=(999,) * 3, origin_hits=(20,) * 3, errors=errors)
