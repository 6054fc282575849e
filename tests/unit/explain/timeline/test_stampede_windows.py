"""A window knows who missed in it, who waited, and what they asked of the origin."""

import numpy as np

from simcoalesce import run
from simcoalesce.explain.timeline.stampede_windows import clusters, stampede_windows
from simcoalesce.outcomes import Lookup, Role
from tests.unit.explain.builders import a_scenario

MANY_KEYS = "traffic.keys={kind: zipf, s: 1, n: 20}"
TWO_LOCATIONS = "traffic.locations={icn: 1, nrt: 1}"


def test_every_miss_is_in_one_window() -> None:
    """Of many keys at several places."""
    outcomes = run(a_scenario(MANY_KEYS, TWO_LOCATIONS), seed=3)
    misses = np.count_nonzero(outcomes.request_rows.lookup == int(Lookup.MISS))

    assert sum(one.misses for one in stampede_windows(outcomes)) == misses


def test_every_call_of_a_miss_belongs_to_its_window() -> None:
    """However late it was made."""
    outcomes = run(a_scenario(MANY_KEYS, TWO_LOCATIONS), seed=3)
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    for one in stampede_windows(outcomes):
        is_like = (rows.key == one.key) & (rows.location == one.location)
        is_later = rows.arrived_at_ns >= one.opened_at_ns
        until_ns = one.closed_at_ns if one.closed_at_ns >= 0 else 10**18
        members = rows.request[is_like & is_later & (rows.arrived_at_ns < until_ns)]

        assert one.calls == np.count_nonzero(np.isin(calls.request, members))


def test_refusals_and_followers_add_up() -> None:
    """Over all windows they are those of the run."""
    path = "path=[kv.read, single_flight, kv.write, origin]"
    outcomes = run(a_scenario(MANY_KEYS, path, "origin.rate_limit.limit=10"), seed=3)
    found = stampede_windows(outcomes)
    followers = outcomes.request_rows.role == int(Role.FOLLOWER)

    assert sum(one.followers for one in found) == np.count_nonzero(followers)
    assert sum(one.refused for one in found) == np.count_nonzero(
        outcomes.origin_rows.status == 429
    )


def test_a_window_without_a_cache_is_one_and_its_bursts_are_clusters() -> None:
    """Nobody who comes a minute later meets those of before."""
    thrice = ("traffic.arrivals[0].every=61s", "duration=150s", "path=[origin]")
    outcomes = run(a_scenario(*thrice), seed=3)

    assert [one.misses for one in stampede_windows(outcomes)] == [600]
    assert [one.misses for one in clusters(outcomes)] == [200, 200, 200]


def test_a_miss_alone_is_no_cluster_of_others() -> None:
    """Clients of every few minutes miss each time, and never meet."""
    rare = ("traffic.arrivals=[{kind: rate, rate: 1/min}]", "duration=5h")
    outcomes = run(a_scenario(*rare, "kv.ttl=1s"), seed=3)

    assert max(one.misses for one in stampede_windows(outcomes)) > 50
    assert max(one.misses for one in clusters(outcomes)) <= 2


def test_clusters_are_parts_of_windows() -> None:
    """Together they have all misses and calls, and the last one ends as it does."""
    outcomes = run(a_scenario(MANY_KEYS, TWO_LOCATIONS), seed=3)
    whole, parts = stampede_windows(outcomes), clusters(outcomes)
    closed = {one.closed_at_ns for one in whole if one.closed_at_ns >= 0}

    assert sum(one.misses for one in parts) == sum(one.misses for one in whole)
    assert sum(one.calls for one in parts) == sum(one.calls for one in whole)
    assert closed == {one.closed_at_ns for one in parts if one.closed_at_ns >= 0}
