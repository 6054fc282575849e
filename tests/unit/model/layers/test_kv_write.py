"""kv.write: when a put is acknowledged, visible, refused, expired."""

import numpy as np
import pytest

from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    latencies_ms,
    lookups,
    simulated,
    statuses,
)

MISS, HIT = 0, 1


def test_an_awaited_put_keeps_its_request_waiting() -> None:
    """120 ms at the origin and 80 ms to write."""
    path = a_path("kv.write", an_origin("120ms"))

    assert latencies_ms(simulated(path, at_ms(0))) == [200]


def test_a_background_put_does_not() -> None:
    """The answer returns at once, and the put goes on: visible at 205 ms."""
    write = {"kv.write": {"acknowledge": "background"}}
    path = a_path("kv.read", write, an_origin("120ms"))
    outcomes = simulated(path, at_ms(0, 204, 205))

    assert latencies_ms(outcomes)[0] == 125
    assert lookups(outcomes) == [MISS, MISS, HIT]


def test_the_last_put_wins() -> None:
    """The second put, of version 1, is read from its own visibility on."""
    write = {"kv.write": {"writes_per_key": "unlimited"}}
    origin = an_origin("20ms", changes_at=["6ms"])
    outcomes = simulated(a_path("kv.read", write, origin), at_ms(0, 10, 110, 200))
    age_ms = outcomes.request_rows.age_ns / MS

    assert age_ms.tolist()[2:] == [115 - 25, 205 - 35]


def test_the_lifetime_counts_from_the_put_not_from_its_visibility() -> None:
    """Put at 125 ms for 100 ms, visible at 205 ms: it lives until 225 ms."""
    write = {"kv.write": {"ttl": "100ms"}}
    path = a_path("kv.read", write, an_origin("120ms"))

    assert lookups(simulated(path, at_ms(0, 224, 225))) == [MISS, HIT, MISS]


def test_a_put_that_expires_on_its_way_is_never_served() -> None:
    """A lifetime below the write latency caches nothing."""
    write = {"kv.write": {"ttl": "80ms"}}
    path = a_path("kv.read", write, an_origin("120ms"))

    assert lookups(simulated(path, at_ms(0, 204, 205))) == [MISS, MISS, MISS]


def test_puts_beyond_one_per_second_and_key_are_refused() -> None:
    """Puts at 0, 0.5 and 1 s of one key: the second finds no turn."""
    outcomes = simulated(a_path("kv.write", an_origin("0ms")), at_ms(0, 500, 1_000))
    usage = outcomes.usage

    assert (usage["kv_writes"], usage["kv_writes_refused"]) == (2, 1)


def test_an_awaited_put_that_is_refused_fails_its_request() -> None:
    """Without a catch it answers 500, as late as with a put that is taken."""
    outcomes = simulated(a_path("kv.write", an_origin("0ms")), at_ms(0, 500))
    names = [outcomes.layers[code] for code in outcomes.request_rows.served_by]

    assert (statuses(outcomes), names) == ([200, 500], ["origin", "kv"])
    assert latencies_ms(outcomes) == [80, 80]


def test_a_refused_put_that_is_caught_goes_unnoticed() -> None:
    """The answer is the origin's, as late as with a put that is taken."""
    path = a_path({"kv.write": {"on_refused": "ignore"}}, an_origin("0ms"))
    outcomes = simulated(path, at_ms(0, 500))

    assert (statuses(outcomes), latencies_ms(outcomes)) == ([200, 200], [80, 80])


@pytest.mark.parametrize("rule", [{}, {"on_refused": "fail"}])
def test_a_refused_background_put_fails_nothing(rule: dict[str, str]) -> None:
    """The answer has gone before the refusal is known."""
    write = {"kv.write": {"acknowledge": "background", **rule}}
    outcomes = simulated(a_path(write, an_origin("0ms")), at_ms(0, 500))

    assert (statuses(outcomes), latencies_ms(outcomes)) == ([200, 200], [0, 0])


@pytest.mark.parametrize("coalescer", ["single_flight", "durable_object"])
def test_followers_get_the_refusal_of_their_leaders_put(coalescer: str) -> None:
    """Put at 120 ms; the second flight's is refused at 320 ms, told at 400 ms."""
    path = a_path(coalescer, "kv.write", an_origin("120ms"))
    outcomes = simulated(path, at_ms(0, 50, 200, 250, 1_200))

    assert statuses(outcomes) == [200, 200, 500, 500, 200]
    assert latencies_ms(outcomes) == [200, 150, 200, 150, 200]


def test_a_refused_put_is_retried_with_a_new_call() -> None:
    """Refused at 500 ms, told at 580 ms, asked again at 1,080 ms: then it is taken."""
    retry = {"retry": {"attempts": 2, "backoff": "500ms", "jitter": "none"}}
    outcomes = simulated(a_path(retry, "kv.write", an_origin("0ms")), at_ms(0, 500))

    assert (statuses(outcomes), calls_ms(outcomes)) == ([200, 200], [0, 500, 1_080])


def test_a_refused_put_stores_nothing() -> None:
    """The first value expires, although a second was offered in the same second."""
    write = {"kv.write": {"ttl": "300ms", "write_latency": "0ms"}}
    path = a_path("kv.read", write, an_origin("0ms"))
    outcomes = simulated(path, at_ms(0, 200, 305, 400))

    assert lookups(outcomes) == [MISS, HIT, MISS, MISS]


def test_errors_are_not_written() -> None:
    """A failure passes, unwritten and without waiting."""
    fault = {"kind": "first", "calls": 1, "status": 503}
    outcomes = simulated(
        a_path("kv.write", an_origin("10ms", faults=[fault])), at_ms(0)
    )

    assert (latencies_ms(outcomes), outcomes.usage["kv_writes"]) == ([10], 0)


def test_what_is_not_cacheable_is_not_written() -> None:
    """The origin says so."""
    path = a_path("kv.write", an_origin("10ms", cacheable=False))
    outcomes = simulated(path, at_ms(0))

    assert (latencies_ms(outcomes), outcomes.usage["kv_writes"]) == ([10], 0)


@pytest.mark.parametrize("jitter_ratio", [0.1, 0.5])
def test_ttl_jitter_spreads_the_expiries_within_its_share(jitter_ratio: float) -> None:
    """Of 200 keys put at once for 1 s, none expires early, half by 1 s, all in time."""
    write = {"ttl": "1s", "ttl_jitter": jitter_ratio, "write_latency": "0ms"}
    read = {"kv.read": {"read_latency": "0ms"}}
    path = a_path(read, {"kv.write": write}, an_origin("0ms"))
    probes = [0, 999 * (1 - jitter_ratio), 1_000, 1_001 * (1 + jitter_ratio)]
    instants = [probe for probe in probes for _ in range(200)]
    outcomes = simulated(path, at_ms(*instants, key=[*range(200)] * 4))
    _, early, middle, late = np.reshape(lookups(outcomes), (4, 200))

    assert early.sum() == 200
    # Binomial(200, 1/2): 4 standard errors are 28.
    assert abs(middle.sum() - 100) <= 28
    assert not late[middle == HIT].any()


def test_a_put_in_an_object_is_visible_where_the_object_is() -> None:
    """The object is where it was first asked for: there the put is visible first."""
    write = {"kv.write": {"propagation": "10s", "writes_per_key": "unlimited"}}
    path = a_path("kv.read", "durable_object", write, an_origin("120ms"))
    outcomes = simulated(path, at_ms(0, 10, 300, 300, location=[1, 0, 0, 1]))

    assert lookups(outcomes) == [MISS, MISS, MISS, HIT]


def test_an_error_is_put_for_its_own_time_if_the_code_stores_errors() -> None:
    """Put at 125 ms for 1 s, visible at 205 ms: a hit and a 404 until 1,125 ms."""
    missing = an_origin("120ms", faults=[{"kind": "always", "status": 404}])
    write = {"kv.write": {"error_ttl": {404: "1s"}}}
    path = a_path("kv.read", write, missing)
    outcomes = simulated(path, at_ms(0, 205, 1_124, 1_125))

    assert lookups(outcomes) == [MISS, HIT, HIT, MISS]
    assert set(statuses(outcomes)) == {404}
