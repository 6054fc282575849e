"""A window knows who missed in it, who waited, and what they asked of the origin."""

import numpy as np

from simcoalesce import run
from simcoalesce.explain.window import windows
from simcoalesce.outcomes import Lookup, Role
from tests.unit.explain.builders import a_scenario

MANY_KEYS = "traffic.keys={kind: zipf, s: 1, n: 20}"
TWO_PLACES = "traffic.locations={icn: 1, nrt: 1}"


def test_every_miss_is_in_one_window() -> None:
    """Of many keys at several places."""
    outcomes = run(a_scenario(MANY_KEYS, TWO_PLACES), seed=3)
    misses = np.count_nonzero(outcomes.request_rows.lookup == int(Lookup.MISS))

    assert sum(one.misses for one in windows(outcomes)) == misses


def test_every_call_of_a_miss_belongs_to_its_window() -> None:
    """However late it was made."""
    outcomes = run(a_scenario(MANY_KEYS, TWO_PLACES), seed=3)
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    for one in windows(outcomes):
        is_like = (rows.key == one.key) & (rows.location == one.location)
        is_later = rows.arrived_at_ns >= one.opened_at_ns
        until_ns = one.closed_at_ns if one.closed_at_ns >= 0 else 10**18
        members = rows.request[is_like & is_later & (rows.arrived_at_ns < until_ns)]

        assert one.calls == np.count_nonzero(np.isin(calls.request, members))


def test_refusals_and_followers_add_up() -> None:
    """Over all windows they are those of the run."""
    path = "path=[kv.read, single_flight, kv.write, origin]"
    outcomes = run(a_scenario(MANY_KEYS, path, "origin.rate_limit.limit=10"), seed=3)
    found = windows(outcomes)
    followers = outcomes.request_rows.role == int(Role.FOLLOWER)

    assert sum(one.followers for one in found) == np.count_nonzero(followers)
    assert sum(one.refused for one in found) == np.count_nonzero(
        outcomes.origin_rows.status == 429
    )
