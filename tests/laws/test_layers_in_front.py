"""A layer that does nothing changes nothing, wherever it may stand.

In front of a path for all kinds that have such settings. Farther back for those that
hand on headers, or where answers have no bodies (others await these), and whose kind
does not come again (the second of a kind has a stream of its own). A `hedge` and a
`fan_out` number the calls of further attempts anew, so these draw other latencies; a
`timeout` that does not cancel has what is behind go on when its client leaves.
"""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simcoalesce.model.layer import Layer
from simcoalesce.request import Requests
from simcoalesce.scenario.path_rule import path_faults
from tests.builders import a_path
from tests.metamorphic import LONG, QUICK, runs, written
from tests.random_scenarios import ALL_PATHS, Entry, any_requests

ANYWHERE: list[Entry] = [
    {"retry": {"attempts": 1}},
    {"timeout": {"after": "1h", "cancels": True}},
    {"abandon": {"after": "1ms", "share": "0%"}},
    {"abandon": {"after": "0ms", "requests": [26]}},
    {"abandon": {"after": "1h"}},
    {"limiter": {"rate_limit": []}},
    {
        "limiter": {
            "rate_limit": {"kind": "sliding_window", "limit": 1_000, "per": "1h"},
            "wait": "1s",
        }
    },
    {"limiter": {"rate_limit": {"kind": "token_bucket", "rate": "1/s", "burst": 999}}},
    {"circuit_breaker": {"failures": 1_000}},
    {"bulkhead": {"limit": 1_000}},
    {"load_shed": {"classes": [{"above": 1_000}]}},
    {"adaptive_throttle": {"on": [418], "multiplier": 1}},
    {"refresh_timer": {"every": "1ms", "keys": "none"}},
]
IN_FRONT: list[Entry] = [
    {"timeout": {"after": "1h"}},
    {"hedge": {"after": "1h"}},
    {"hedge": {"after": "0ms", "most": 1}},
    {"fan_out": {"calls": 1}},
]
LAST: list[Entry] = [{"batch": {"within": "0ms", "most": 1}}]


def check(
    path: list[Layer], longer: list[Layer], requests: Requests, seed: int
) -> None:
    """Assert that each engine that knows both paths makes the same of them."""
    bare, behind = (runs(one, requests, seed=seed) for one in (path, longer))
    for engine in bare.keys() & behind.keys():
        assert written(behind[engine]) == written(bare[engine]), engine


def check_anywhere(
    path: list[Layer], idle: Entry, at: int, requests: Requests, seed: int
) -> None:
    """Assert it of a layer somewhere in a path, if the law holds of it there."""
    at = min(at, len(path) - 1) if idle not in LAST else len(path) - 1
    (own,) = a_path(idle)
    longer = [*path[:at], own, *path[at:]]
    assume(own.kind not in {layer.kind for layer in path})
    assume(own.streams or not path[-1].streams)
    assume(not any(path_faults([type(layer) for layer in longer])))
    check(path, longer, requests, seed)


@given(
    path=ALL_PATHS,
    idle=st.sampled_from(ANYWHERE + IN_FRONT),
    requests=any_requests(),
    seed=st.integers(0, 9),
)
@settings(QUICK, max_examples=200)
def test_an_idle_layer_in_front_changes_no_draw_behind_it(
    path: list[Layer], idle: Entry, requests: Requests, seed: int
) -> None:
    """Rows, calls and counts are the same on each engine, whatever draws behind it."""
    check(path, [*a_path(idle), *path], requests, seed)


@given(
    path=ALL_PATHS,
    idle=st.sampled_from(ANYWHERE + LAST),
    at=st.integers(1, 7),
    requests=any_requests(),
    seed=st.integers(0, 9),
)
@settings(QUICK, max_examples=200)
def test_an_idle_layer_in_between_changes_nothing(
    path: list[Layer], idle: Entry, at: int, requests: Requests, seed: int
) -> None:
    """Inside objects too, where every step that is awaited queues before a gate."""
    check_anywhere(path, idle, at, requests, seed)


@pytest.mark.slow
@given(
    path=ALL_PATHS,
    idle=st.sampled_from(ANYWHERE + LAST),
    at=st.integers(0, 7),
    requests=any_requests(),
    seed=st.integers(0, 9),
)
@LONG
def test_thousands_of_paths_do_not_notice_an_idle_layer(
    path: list[Layer], idle: Entry, at: int, requests: Requests, seed: int
) -> None:
    """The same again, for longer."""
    check_anywhere(path, idle, at, requests, seed)
