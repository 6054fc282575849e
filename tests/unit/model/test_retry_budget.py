"""Budgets whose tokens expire, in slices of a tenth of their lifetime."""

import pytest

from simcoalesce.compiled import api
from simcoalesce.model.clock import START, Clock
from simcoalesce.model.retry_budget import ExpiringTokens, Prices
from tests.builders import MS, S, a_path, an_origin, at_ms, even, hits, simulated

FINAGLE = {"budget": "20%", "budget_least": "10/s", "budget_expires_after": "10s"}
DOWN = an_origin("1ms", faults=[{"kind": "always", "status": 503}])


def spent(clock: Clock, budget: ExpiringTokens, at_ns: int = 0) -> int:
    """Return how many further calls the budget allows at an instant, and make them."""
    clock.advance(at_ns, START)
    return next(calls for calls in range(10_000) if not budget.pays())


def a_budget(share: float, least_per_s: float) -> tuple[Clock, ExpiringTokens]:
    """Return a budget whose tokens live 10 s."""
    clock = Clock()
    return clock, ExpiringTokens(clock, Prices.of(share, least_per_s, 10 * S))


def test_a_least_rate_is_there_from_the_start() -> None:
    """As much as it allows within a lifetime."""
    assert spent(*a_budget(0.2, 10)) == 100


def test_requests_earn_a_share_of_a_call() -> None:
    """Each five of them one, on top."""
    clock, budget = a_budget(0.2, 1)
    for _ in range(14):
        budget.earn()

    assert spent(clock, budget) == 10 + 2


@pytest.mark.parametrize(("at_ns", "calls"), [(10 * S - 1, 2), (10 * S, 0)])
def test_what_was_earned_expires(at_ns: int, calls: int) -> None:
    """Ten requests earn two calls, for 10 s."""
    clock, budget = a_budget(0.2, 0)
    for _ in range(10):
        budget.earn()

    assert spent(clock, budget, at_ns) == calls


def test_what_was_paid_comes_back() -> None:
    """All at the start, none within 10 s, all after it."""
    clock, budget = a_budget(0.2, 1)

    assert [spent(clock, budget, at_s * S) for at_s in (0, 5, 16)] == [10, 0, 10]


def test_a_slice_begins_with_its_first_use() -> None:
    """Used each 1.5 s, nine last 13.5 s, and the newest one a second."""
    clock, budget = a_budget(1.0, 0)
    budget.earn()
    for step in range(1, 10):
        clock.advance(step * 1_500 * MS, START)
        budget.earn()

    assert spent(clock, budget, 14_499 * MS) == 10


def test_without_a_share_and_a_least_rate_nothing_is_allowed() -> None:
    """As with Finagle's empty budget."""
    clock, budget = a_budget(0.0, 0)
    budget.earn()

    assert spent(clock, budget) == 0


def test_an_outage_is_retried_as_the_budget_says() -> None:
    """300 requests in 3 s earn 60 calls, and 100 are there: 460 in place of 900."""
    path = a_path({"retry": {"backoff": "0ms", **FINAGLE}}, DOWN)
    requests = even(300, 10 * MS)
    compiled = api.simulate_compiled(
        path, [requests], seed=1, keys=["key-0"], locations=["at-0"]
    )

    assert hits(simulated(path, requests)) == hits(compiled) == 460


def test_a_calm_client_has_its_least_rate_again_and_again() -> None:
    """One request every 4 s is retried twice each time, for ever."""
    path = a_path({"retry": {"backoff": "0ms", **FINAGLE}}, DOWN)

    assert hits(simulated(path, at_ms(*range(0, 400_000, 4_000)))) == 300


@pytest.mark.parametrize(
    "words",
    [{"budget_expires_after": "10s"}, {"budget": "20%", "budget_least": "10/s"}],
)
def test_words_that_need_others_say_so(words: dict[str, str]) -> None:
    """The message holds what to write."""
    with pytest.raises(ValueError, match="write"):
        a_path({"retry": words}, an_origin())
