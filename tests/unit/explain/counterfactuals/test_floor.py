"""A perfect cache fetches each key once while it is fresh, and no more."""

import pytest

from simcoalesce import run
from simcoalesce.explain.counterfactuals.floor import Floor, floor_of
from tests.unit.explain.builders import a_scenario


def floor(*overrides: str) -> Floor:
    """Return the floor of a small incident with changes."""
    scenario = a_scenario(*overrides)
    return floor_of(scenario, run(scenario, seed=1))


@pytest.mark.parametrize(
    ("overrides", "calls"),
    [
        ((), 1),
        (("traffic.keys={kind: weighted, weights: {a: 1, b: 1}}",), 2),
        (("traffic.arrivals[0].every=61s", "duration=150s"), 3),
        (("traffic.arrivals[0].every=61s", "duration=150s", "kv.ttl=2m"), 2),
        (("traffic.arrivals[0].every=61s", "duration=150s", "path=[origin]"), 1),
        (("origin.cacheable=false",), 200),
    ],
    ids=["one key", "two", "expired", "not yet", "no store", "may not be stored"],
)
def test_a_key_is_fetched_once_while_it_is_fresh(
    overrides: tuple[str, ...], calls: int
) -> None:
    """A burst of 200, or three of them, one a minute; the store keeps for 60 s."""
    assert floor(*overrides).calls == calls


def test_the_limit_takes_what_it_admits_of_these_calls() -> None:
    """Of 200 keys that each come once at most, sixty a minute."""
    known = floor("traffic.keys={kind: zipf, s: 0, n: 100000}")

    assert 190 <= known.calls <= 200
    assert (known.taken, known.refused) == (60, known.calls - 60)
    assert known.limit == "limit 60, per 60s"


def test_an_origin_without_a_limit_takes_all() -> None:
    """Nothing is refused."""
    known = floor("origin.rate_limit=unlimited", "origin.cacheable=false")

    assert (known.calls, known.taken, known.limit) == (200, 200, "")


def test_what_asks_no_cache_is_a_call_each() -> None:
    """Of 200 requests of one key about half are POSTs, and the others one fetch."""
    burst = "{kind: burst, requests: 200, within: 200ms, bypass: 50%}"
    scenario = a_scenario(f"traffic.arrivals=[{burst}]")
    outcomes = run(scenario, seed=1)
    posts = int((outcomes.requests.lookup == "bypass").sum())

    known = floor_of(scenario, outcomes)

    assert 70 < posts < 130
    assert (known.calls, known.taken) == (1 + posts, 60)
