"""A surge is what its rows say: how many misses, of which keys, after which fetch."""

import numpy as np

from simcoalesce import Scenario, run
from simcoalesce.explain.timeline.surges import most_in_flight, surges
from simcoalesce.outcomes import NEVER, Lookup, Outcomes
from tests.builders import MS, S

TWICE = """
duration: 100s
traffic:
  arrivals:
    - {kind: even, requests: 40, every_request: 10ms}
    - {kind: even, requests: 40, every_request: 10ms, at: 70s}
  keys: {kind: zipf, s: 0, n: 20}
  isolates: 1
memory: {ttl: 60s}
origin: {latency: 55ms}
path: [memory, origin]
"""


def a_run(*overrides: str) -> Outcomes:
    """Return 40 requests for 20 keys within 400 ms, and again after 70 s."""
    return run(Scenario.parse(TWICE, overrides=overrides), seed=1)


def test_a_surge_counts_its_misses_and_their_calls() -> None:
    """Both bursts find nothing; the second, what was stored 70 s before."""
    outcomes = a_run()
    rows = outcomes.request_rows
    is_miss = rows.lookup == int(Lookup.MISS)
    cold, expired = surges(outcomes)

    assert cold.number == cold.calls == np.count_nonzero(is_miss[:40])
    assert expired.number == expired.calls == np.count_nonzero(is_miss[40:])
    assert (cold.served_before, cold.age_ns) == (0, NEVER)
    assert expired.served_before > 10
    assert abs(expired.age_ns - 70 * S) < 400 * MS


def test_a_surge_lasts_from_its_first_miss_to_its_last() -> None:
    """The second one begins when the first request of its burst comes."""
    _, expired = surges(a_run())

    assert expired.first_at_ns == 70 * S
    assert expired.last_at_ns <= 70 * S + 390 * MS
    assert (
        expired.requests == (expired.last_at_ns - expired.first_at_ns) / (10 * MS) + 1
    )


def test_calls_in_flight_are_counted_as_they_overlap() -> None:
    """Five intervals of 10 ms begin within 55 ms, and the first goes on for 5 ms."""
    outcomes = a_run("path=[origin]")

    assert most_in_flight(outcomes, 0, 400 * MS) == 6
    assert most_in_flight(outcomes, 0, 25 * MS) == 3
    assert most_in_flight(outcomes, 500 * MS, 60 * S) == 0


def test_calls_in_the_background_surge_alone() -> None:
    """Nothing is missed while values are refreshed."""
    stale = "kv={read_latency: 5ms, ttl: 60s, stale_while_revalidate: 60s}"
    found = surges(a_run("path=[kv.read, kv.write, origin]", stale))

    assert [one.is_of_calls for one in found] == [False, True]
    assert found[1].number == found[1].calls == found[1].keys


def test_the_calls_of_misses_at_one_instant_are_no_surge_of_their_own() -> None:
    """They come 5 ms later, when nothing was found."""
    users = "traffic.arrivals=[{kind: users, users: 40, think: 30s}]"
    kv = "kv={read_latency: 5ms, write_latency: 80ms, ttl: 60s}"
    first, *others = surges(a_run(users, kv, "path=[kv.read, kv.write, origin]"))

    assert first.first_at_ns == first.last_at_ns == 0
    assert first.number == first.calls == first.in_flight == 40
    assert not any(one.is_of_calls for one in others)


def test_a_run_without_requests_has_no_surge() -> None:
    """Nobody came."""
    later = "traffic.arrivals=[{kind: even, requests: 1, every_request: 1s, at: 101s}]"

    assert surges(a_run(later)) == ()
