"""fan_out: several calls for one request."""

from typing import Any

import pytest

from simcoalesce.model.layer import Layer
from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    lookups,
    roles,
    simulated,
    statuses,
)

MS = 1_000_000


def call(number: int, takes: str, status: int = 200) -> dict[str, Any]:
    """Return what becomes of one call of the origin."""
    which = {"kind": "calls", "from": number, "to": number}
    return {**which, "takes": takes, "status": status}


def asks(*faults: dict[str, Any], **fields: Any) -> list[Layer]:
    """Return a path that makes three calls at an origin of 100 ms."""
    layer = {"fan_out": {"calls": 3, **fields}}
    return a_path(layer, an_origin("100ms", faults=list(faults)))


@pytest.mark.parametrize(
    ("at_once", "calls", "latency_ms"),
    [("unlimited", [0, 0, 0], 250), (1, [0, 100, 350], 450), (2, [0, 0, 100], 250)],
)
def test_calls_are_made_at_once_or_one_after_the_other(
    at_once: int | str, calls: list[float], latency_ms: float
) -> None:
    """The second takes 250 ms: it is the longest, or one of a sum, or one of two."""
    outcomes = simulated(asks(call(2, "250ms"), at_once=at_once), at_ms(0))

    assert (calls_ms(outcomes), latencies_ms(outcomes)) == (calls, [latency_ms])


@pytest.mark.parametrize(
    ("at_once", "calls", "latency_ms"),
    [("unlimited", [0, 0, 0], 30), (1, [0, 100], 130), (2, [0, 0], 30)],
)
def test_the_first_error_decides(
    at_once: int | str, calls: list[float], latency_ms: float
) -> None:
    """The second fails after 30 ms, and no further one begins."""
    outcomes = simulated(asks(call(2, "30ms", 503), at_once=at_once), at_ms(0))

    assert (statuses(outcomes), calls_ms(outcomes)) == ([503], calls)
    assert latencies_ms(outcomes) == [latency_ms]


@pytest.mark.parametrize(("cancels", "puts"), [(False, 2), (True, 0)])
def test_calls_under_way_go_on_after_an_error_or_end(
    *, cancels: bool, puts: int
) -> None:
    """What the others bring is put, or never comes."""
    write = {"write_latency": "0ms", "writes_per_key": "unlimited"}
    path = a_path(
        {"fan_out": {"calls": 3, "cancels": cancels}},
        {"kv.write": write},
        an_origin("100ms", faults=[call(2, "30ms", 503)]),
    )

    assert simulated(path, at_ms(0)).usage["kv_writes"] == puts


def test_what_is_kept_of_it_is_as_old_as_its_oldest_part() -> None:
    """One after the other, made at 100, 200 and 300 ms; 100 ms later it is 300 old.

    Its content changes at 150 ms: the row says the oldest version, that of 0 ms.
    """
    path = a_path(
        "memory",
        {"fan_out": {"calls": 3, "at_once": 1}},
        an_origin("100ms", changes_at=["150ms"]),
    )
    outcomes = simulated(path, at_ms(0, 400))

    assert (lookups(outcomes), hits(outcomes)) == ([0, 1], 3)
    assert outcomes.request_rows.age_ns.tolist() == [-1, 300 * MS]
    assert outcomes.origin_rows.version.tolist() == [0, 0, 1]


def test_one_part_that_may_not_be_stored_lets_nothing_be_stored() -> None:
    """The second call says so."""
    fault = {"kind": "calls", "from": 2, "to": 2, "cacheable": False}
    path = a_path("memory", {"fan_out": {"calls": 3}}, an_origin(faults=[fault]))

    assert lookups(simulated(path, at_ms(0, 400))) == [0, 0]


def test_followers_share_all_calls_of_their_leader() -> None:
    """Behind a flight there are three calls, whoever joins."""
    path = a_path("single_flight", {"fan_out": {"calls": 3}}, an_origin("100ms"))
    outcomes = simulated(path, at_ms(0, 50))

    assert (hits(outcomes), roles(outcomes)) == (3, [1, 2])


def test_each_call_has_its_own_draws_also_under_a_retry() -> None:
    """Two attempts of three calls, of which the first always fails."""
    path = a_path(
        {"retry": {"attempts": 2, "jitter": "none"}},
        {"fan_out": {"calls": 3}},
        an_origin({"uniform": ["1ms", "900ms"]}, faults=[call(1, "1ms", 503)]),
    )
    rows = simulated(path, at_ms(0)).origin_rows

    assert len(set(rows.completed_at_ns - rows.called_at_ns)) == 6


def test_calls_of_a_client_are_worker_requests() -> None:
    """Three; those of a worker are one."""
    inside = a_path("kv.read", {"fan_out": {"calls": 3}}, an_origin())
    counts = [
        simulated(path, at_ms(0)).usage["worker_requests"] for path in (asks(), inside)
    ]

    assert counts == [3, 1]


def test_three_calls_use_three_tokens() -> None:
    """A limit of five lets one request through, and two calls of the second."""
    limit = {"kind": "fixed_window", "limit": 5, "per": "1s"}
    path = a_path({"fan_out": {"calls": 3}}, an_origin("100ms", rate_limit=limit))
    outcomes = simulated(path, at_ms(0, 10))

    assert statuses(outcomes) == [200, 429]
    assert outcomes.origin_rows.status.tolist() == [200] * 5 + [429]
