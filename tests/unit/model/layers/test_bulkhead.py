"""bulkhead: how many calls are under way, who waits, and who is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.model.layer import Layer
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    even,
    hits,
    latencies_ms,
    simulated,
    statuses,
)


def limited(*before: Any, origin: Any = None, **fields: Any) -> list[Layer]:
    """Return a path with a bulkhead of one call before an origin of 100 ms."""
    bulkhead = {"limit": 1, **fields}
    return a_path(*before, {"bulkhead": bulkhead}, origin or an_origin("100ms"))


def test_more_calls_than_the_limit_are_refused_at_once() -> None:
    """Two are under way until 100 and 110 ms; a call that ends at t frees t."""
    outcomes = simulated(limited(limit=2), at_ms(0, 10, 20, 99, 100, 105, 110))

    assert statuses(outcomes) == [200, 200, 503, 503, 200, 503, 200]
    assert latencies_ms(outcomes)[2:4] == [0, 0]
    assert outcomes.usage["bulkhead_refused"] == 3


def test_resilience4j_allows_25_calls_by_default() -> None:
    """And lets nobody wait."""
    outcomes = simulated(a_path("bulkhead", an_origin("100ms")), even(30, 1 * MS))

    assert (statuses(outcomes).count(200), hits(outcomes)) == (25, 25)


def test_who_waits_goes_on_in_order_of_arrival() -> None:
    """One after the other, each as the one before it ends."""
    outcomes = simulated(limited(queue_timeout="unlimited"), at_ms(0, 30, 40))

    assert calls_ms(outcomes) == [0, 100, 200]
    assert outcomes.origin_rows.request.tolist() == [0, 1, 2]


def test_nobody_overtakes_who_waits() -> None:
    """A call of the instant at which one ends finds the turn given away."""
    outcomes = simulated(limited(queue_timeout="150ms"), at_ms(0, 50, 100))

    assert calls_ms(outcomes) == [0, 100, 200]


@pytest.mark.parametrize(
    ("timeout", "status", "latency"), [("90ms", 200, 190), ("89ms", 503, 89)]
)
def test_a_turn_at_the_time_out_is_in_time(
    timeout: str, status: int, latency: float
) -> None:
    """It waits from 10 to 100 ms; a millisecond less is too short."""
    outcomes = simulated(limited(queue_timeout=timeout), at_ms(0, 10))

    assert statuses(outcomes) == [200, status]
    assert latencies_ms(outcomes) == [100, latency]


def test_who_has_waited_too_long_leaves_the_line() -> None:
    """The second gives up at 60 ms, so the third is next."""
    outcomes = simulated(limited(queue_timeout="50ms"), at_ms(0, 10, 60))

    assert (statuses(outcomes), calls_ms(outcomes)) == ([200, 503, 200], [0, 100])


def test_a_full_line_refuses_at_once() -> None:
    """One may wait."""
    path = limited(queue_timeout="unlimited", queue_limit=1)
    outcomes = simulated(path, at_ms(0, 10, 20, 100))

    assert statuses(outcomes) == [200, 200, 503, 200]
    assert calls_ms(outcomes) == [0, 100, 200]


def test_a_client_that_leaves_the_line_frees_its_turn() -> None:
    """The second leaves at 60 ms; the third calls at 100."""
    leaves = {"abandon": {"after": "50ms", "requests": [2]}}
    path = limited(leaves, queue_timeout="unlimited", queue_limit=2)
    outcomes = simulated(path, at_ms(0, 10, 20))

    assert (statuses(outcomes), calls_ms(outcomes)) == ([200, 499, 200], [0, 100])


def test_a_client_that_leaves_at_its_turn_passes_it_on() -> None:
    """At 100 ms the first ends, then the second leaves, then the third begins."""
    leaves = {"abandon": {"after": "90ms", "requests": [2]}}
    path = limited(leaves, queue_timeout="unlimited")
    outcomes = simulated(path, at_ms(0, 10, 20))

    assert (statuses(outcomes), calls_ms(outcomes)) == ([200, 499, 200], [0, 100])


def test_a_client_that_leaves_ends_its_call() -> None:
    """The first leaves at 40 ms: a call of that instant finds a turn."""
    leaves = {"abandon": {"after": "40ms", "requests": [1]}}
    outcomes = simulated(limited(leaves), at_ms(0, 39, 40, 41))

    assert statuses(outcomes) == [499, 503, 200, 503]


@pytest.mark.parametrize(
    ("kept_in", "admitted"), [("isolate", 4), ("location", 2), ("global", 1)]
)
def test_it_is_kept_in_each_isolate_or_location_or_once(
    kept_in: str, admitted: int
) -> None:
    """One call for each of them, of four isolates in two locations."""
    requests = at_ms(0, 0, 0, 0, location=[0, 0, 1, 1], isolate=[0, 1, 2, 3])

    assert statuses(simulated(limited(kept_in=kept_in), requests)).count(200) == (
        admitted
    )


def test_each_key_may_have_a_limit_of_its_own() -> None:
    """A slow key takes no turn of another."""
    path = limited(for_each="key", queue_timeout="unlimited")
    outcomes = simulated(path, at_ms(0, 0, 10, 10, key=[0, 0, 0, 1]))

    assert latencies_ms(outcomes) == [100, 200, 290, 100]


def test_a_call_lasts_to_the_end_of_its_body() -> None:
    """Headers at 100 ms, and the last byte at 150."""
    path = limited(origin=an_origin("100ms", body="50ms"))

    assert statuses(simulated(path, at_ms(0, 120, 150))) == [200, 503, 200]


def test_who_looks_again_behind_it_finds_what_was_stored() -> None:
    """Of ten that miss at once one fetches; the others would, one after the other."""
    read = {"kv.read": {"read_latency": "0ms"}}
    put = {"kv.write": {"write_latency": "0ms", "on_refused": "ignore"}}
    line = {"bulkhead": {"limit": 1, "queue_timeout": "unlimited"}}
    once, again = (
        simulated(a_path(read, line, *look, put, an_origin("10ms")), at_ms(*[0] * 10))
        for look in ((), (read,))
    )

    assert (hits(once), hits(again)) == (10, 1)


@pytest.mark.parametrize(
    ("fields", "message"), [({"limit": 0}, "limit"), ({"for_each": "origin"}, "all")]
)
def test_what_is_no_bulkhead_is_refused(fields: dict[str, Any], message: str) -> None:
    """With what to write instead."""
    with pytest.raises(ValidationError, match=message):
        a_path({"bulkhead": fields}, an_origin())
