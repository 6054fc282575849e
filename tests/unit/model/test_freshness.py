"""Freshness: what may be done with an entry, instant by instant."""

import pytest

from simcoalesce.model.answer import Answer
from simcoalesce.model.freshness import Freshness, Rules
from simcoalesce.model.kv import Entry
from simcoalesce.outcomes import Lookup, Role
from tests.builders import a_latency, a_request


def the_rules(
    *,
    stale_while_revalidate_ns: int = 0,
    stale_if_error_ns: int = 0,
    ahead_ratio: float | None = None,
    beta: float | None = None,
    exponential: str = "1s",
) -> Rules:
    """Return rules that allow nothing but what is given."""
    return Rules(
        stale_while_revalidate_ns=stale_while_revalidate_ns,
        stale_if_error_ns=stale_if_error_ns,
        ahead_ratio=ahead_ratio,
        beta=beta,
        xfetch=a_latency(exponential),
    )


def judged(rules: Rules, at_ns: int) -> Freshness:
    """Return what may be done with an entry of [100, 200) that took 30 ns to fetch."""
    content = Answer(200, Lookup.MISS, Role.LEADER, 0, 100)
    entry = Entry(content, order=1, put_at_ns=100, expires_at_ns=200, took_ns=30)
    return rules.freshness(entry, at_ns, a_request())


def test_nothing_is_gone() -> None:
    """Whatever the rules."""
    rules = the_rules(stale_if_error_ns=1_000)

    assert rules.freshness(None, 0, a_request()) == Freshness.GONE


@pytest.mark.parametrize(
    ("at_ns", "freshness"), [(199, Freshness.FRESH), (200, Freshness.GONE)]
)
def test_without_rules_an_entry_is_fresh_or_gone(
    at_ns: int, freshness: Freshness
) -> None:
    """Half-open."""
    assert judged(the_rules(), at_ns) == freshness


@pytest.mark.parametrize(
    ("at_ns", "freshness"),
    [
        (200, Freshness.STALE),
        (249, Freshness.STALE),
        (250, Freshness.IF_ERROR),
        (299, Freshness.IF_ERROR),
        (300, Freshness.GONE),
    ],
)
def test_the_windows_follow_each_other(at_ns: int, freshness: Freshness) -> None:
    """Both count from the expiry: stale for 50 ns, then a rescue until 100 ns."""
    rules = the_rules(stale_while_revalidate_ns=50, stale_if_error_ns=100)

    assert judged(rules, at_ns) == freshness


@pytest.mark.parametrize(
    ("at_ns", "freshness"), [(179, Freshness.FRESH), (180, Freshness.EARLY)]
)
def test_refresh_ahead_counts_from_the_put(at_ns: int, freshness: Freshness) -> None:
    """80 % of a lifetime of 100 ns."""
    assert judged(the_rules(ahead_ratio=0.8), at_ns) == freshness


@pytest.mark.parametrize(
    ("at_ns", "freshness"), [(139, Freshness.FRESH), (140, Freshness.EARLY)]
)
def test_xfetch_is_early_by_the_fetch_time_its_beta_and_a_draw(
    at_ns: int, freshness: Freshness
) -> None:
    """Now + 30 ns x 2 x 1 >= 200, with an exponential draw of exactly 1."""
    assert judged(the_rules(beta=2.0), at_ns) == freshness
