"""timeout: wait so long and no longer."""

import pytest

from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    lookups,
    simulated,
    statuses,
)


def test_who_has_no_answer_in_time_gets_504() -> None:
    """At the deadline, whatever comes later."""
    path = a_path({"timeout": {"after": "100ms"}}, an_origin("120ms"))
    outcomes = simulated(path, at_ms(0))

    assert (statuses(outcomes), latencies_ms(outcomes)) == ([504], [100])
    assert outcomes.layers[outcomes.request_rows.served_by[0]] == "timeout"


@pytest.mark.parametrize(("after", "status"), [("120ms", 200), ("119999999ns", 504)])
def test_an_answer_at_the_deadline_is_in_time(after: str, status: int) -> None:
    """One nanosecond less is too late."""
    path = a_path({"timeout": {"after": after}}, an_origin("120ms"))

    assert statuses(simulated(path, at_ms(0))) == [status]


@pytest.mark.parametrize("read_at", ["start", "end"])
def test_a_cache_hit_at_the_deadline_is_in_time(read_at: str) -> None:
    """A read of 5 ms fits into 5 ms; the miss that filled the cache did not."""
    path = a_path(
        {"timeout": {"after": "5ms"}},
        {"kv.read": {"read_at": read_at}},
        "kv.write",
        an_origin("120ms"),
    )

    assert statuses(simulated(path, at_ms(0, 500))) == [504, 200]


def test_a_follower_answered_at_its_deadline_is_in_time() -> None:
    """The flight of the first lands when the second's time is over."""
    path = a_path({"timeout": {"after": "120ms"}}, "single_flight", an_origin("120ms"))

    assert statuses(simulated(path, at_ms(0, 0))) == [200, 200]


def test_what_is_behind_goes_on() -> None:
    """The put of the late answer is made all the same, for those who follow."""
    path = a_path(
        {"timeout": {"after": "100ms"}}, "kv.read", "kv.write", an_origin("120ms")
    )
    outcomes = simulated(path, at_ms(0, 300))

    assert (statuses(outcomes), lookups(outcomes)) == ([504, 200], [0, 1])


def test_what_is_behind_ends_with_a_client_that_hangs_up() -> None:
    """The put of the late answer is never made: the cache stays cold."""
    path = a_path(
        {"timeout": {"after": "100ms", "cancels": True}},
        "kv.read",
        "kv.write",
        an_origin("120ms"),
    )
    outcomes = simulated(path, at_ms(0, 300, 600))

    assert (statuses(outcomes), hits(outcomes)) == ([504, 504, 504], 3)
    assert outcomes.usage["kv_writes"] == 0


@pytest.mark.parametrize(("cancels", "puts"), [(True, 0), (False, 1)])
def test_what_is_behind_ends_with_who_stands_in_front_too(
    *, cancels: bool, puts: int
) -> None:
    """The client leaves at 100 ms, long before the deadline of the worker's fetch."""
    path = a_path(
        {"abandon": {"after": "100ms"}},
        {"timeout": {"after": "1h", "cancels": cancels}},
        "kv.write",
        an_origin("120ms"),
    )
    outcomes = simulated(path, at_ms(0))

    assert (statuses(outcomes), outcomes.usage["kv_writes"]) == ([499], puts)


def test_a_call_that_was_given_up_is_still_a_call() -> None:
    """The origin got it, and serves it to its end."""
    path = a_path({"timeout": {"after": "1ms", "cancels": True}}, an_origin("120ms"))
    outcomes = simulated(path, at_ms(0))

    assert outcomes.origin_rows.completed_at_ns.tolist() == [120_000_000]


def test_timeouts_may_be_nested() -> None:
    """The shorter one is first, wherever it stands."""
    path = a_path(
        {"timeout": {"after": "50ms"}},
        {"timeout": {"after": "30ms", "cancels": True}},
        an_origin("120ms"),
    )

    assert latencies_ms(simulated(path, at_ms(0))) == [30]


def test_a_timeout_before_each_attempt_frees_the_next() -> None:
    """Three attempts of 50 ms each, at once after each other."""
    path = a_path(
        {"retry": {"backoff": "0ms", "jitter": "none"}},
        {"timeout": {"after": "50ms"}},
        an_origin("120ms"),
    )
    outcomes = simulated(path, at_ms(0))

    assert (calls_ms(outcomes), latencies_ms(outcomes)) == ([0, 50, 100], [150])
