"""kv.read: hand-computed timelines of look-ups."""

import numpy as np
import pytest

from simcoalesce.outcomes import NEVER
from tests.builders import (
    MS,
    S,
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

MISS, HIT, STALE = 0, 1, 2
WRITE = {"kv.write": {"writes_per_key": "unlimited", "write_latency": "80ms"}}


def test_a_miss_takes_its_read_and_what_follows() -> None:
    """5 ms to read absent, 120 ms at the origin."""
    outcomes = simulated(a_path("kv.read", an_origin("120ms")), at_ms(0))

    assert (latencies_ms(outcomes), calls_ms(outcomes)) == ([125], [5])


def test_a_hit_takes_its_read() -> None:
    """The value is visible from 205 ms on: 5 + 120 + 80."""
    outcomes = simulated(a_path("kv.read", WRITE, an_origin("120ms")), at_ms(0, 205))

    assert (latencies_ms(outcomes), lookups(outcomes)) == ([205, 5], [MISS, HIT])


@pytest.mark.parametrize(
    ("read_at", "instant", "lookup"),
    [("start", 204, MISS), ("start", 205, HIT), ("end", 199, MISS), ("end", 200, HIT)],
)
def test_a_read_sees_what_is_visible_at_its_start_or_end(
    read_at: str, instant: float, lookup: int
) -> None:
    """The put is visible at 205 ms; a read takes 5 ms."""
    path = a_path({"kv.read": {"read_at": read_at}}, WRITE, an_origin("120ms"))
    outcomes = simulated(path, at_ms(0, instant))

    assert lookups(outcomes)[1] == lookup


@pytest.mark.parametrize(("instant", "lookup"), [(1_124.9, HIT), (1_125, MISS)])
def test_an_entry_expires_an_absolute_time_after_its_put(
    instant: float, lookup: int
) -> None:
    """Put at 125 ms for 1 s: served until just before 1,125 ms, half-open."""
    write = {"kv.write": {"ttl": "1s"}}
    outcomes = simulated(
        a_path("kv.read", write, an_origin("120ms")), at_ms(0, instant)
    )

    assert lookups(outcomes)[1] == lookup


def test_a_cold_read_takes_longer() -> None:
    """The first read at a location, and one after an hour without, are cold."""
    read = {"kv.read": {"cold_read_latency": "100ms", "hot_for": "60s"}}
    outcomes = simulated(
        a_path(read, an_origin("1ms")),
        at_ms(0, 10, 10, 70_000, location=[0, 0, 1, 0]),
    )

    assert latencies_ms(outcomes) == [101, 6, 101, 101]


def test_a_random_read_latency_is_drawn_for_each_request() -> None:
    """Reads of 1 ms to 9 ms before an origin that takes no time."""
    read = {"kv.read": {"read_latency": {"uniform": ["1ms", "9ms"]}}}
    latencies = latencies_ms(simulated(a_path(read, an_origin("0ms")), at_ms(*[0] * 9)))

    assert all(1 <= latency <= 9 for latency in latencies)
    assert len(set(latencies)) == 9


@pytest.mark.parametrize(
    ("local_writes", "expected"),
    [("visible", [MISS, MISS, HIT, HIT, HIT]), ("cached", [MISS] * 4 + [HIT])],
)
def test_absence_is_kept_until_its_location_has_put_the_value(
    local_writes: str, expected: list[int]
) -> None:
    """Absent at 0 for 30 s; the own put is visible at 205 ms, and hidden if cached."""
    read = {"kv.read": {"negative_ttl": "30s", "local_writes": local_writes}}
    path = a_path(read, WRITE, an_origin("120ms"))

    assert lookups(simulated(path, at_ms(0, 204, 205, 29_999, 30_000))) == expected


def test_absence_is_kept_where_the_value_was_not_put() -> None:
    """The object's place puts; the other one has read absence at 10 ms, for 30 s."""
    read = {"kv.read": {"negative_ttl": "30s"}}
    own = {"durable_object": {"location": "at-0"}}
    outcomes = simulated(
        a_path(read, own, WRITE, an_origin("20ms")),
        at_ms(0, 10, 1_000, 1_000, 30_009, 30_010, location=[0, 1, 0, 1, 1, 1]),
    )

    assert lookups(outcomes) == [MISS, MISS, HIT, MISS, MISS, HIT]


def test_cached_absence_is_of_a_location() -> None:
    """Another location that did not look before the put was visible sees it."""
    read = {"kv.read": {"negative_ttl": "30s", "local_writes": "cached"}}
    outcomes = simulated(
        a_path(read, WRITE, an_origin("120ms")),
        at_ms(0, 1_000, 1_000, location=[0, 0, 1]),
    )

    assert lookups(outcomes) == [MISS, MISS, HIT]


@pytest.mark.parametrize(
    ("local_writes", "made_at_ms"),
    [("visible", [25, 25, 35]), ("cached", [25, 25, 25])],
)
def test_a_kept_value_ends_with_a_put_of_its_location(
    local_writes: str, made_at_ms: list[int]
) -> None:
    """Made at 25 and 35 ms, visible at 105 and 115 ms; the first is read at 106."""
    read = {"kv.read": {"cache_ttl": "30s", "local_writes": local_writes}}
    path = a_path(read, WRITE, an_origin("20ms"))
    outcomes = simulated(path, at_ms(0, 10, 106, 114, 115))
    answered_at_ms = np.array([111, 119, 120])

    ages_ms = outcomes.request_rows.age_ns[2:] // MS
    assert (answered_at_ms - ages_ms).tolist() == made_at_ms


def test_elsewhere_a_value_is_read_after_its_propagation() -> None:
    """Visible at 205 ms where it was written, 10 s later elsewhere."""
    write = {"kv.write": {"propagation": "10s", "writes_per_key": "unlimited"}}
    outcomes = simulated(
        a_path("kv.read", write, an_origin("120ms")),
        at_ms(0, 205, 205, 10_205, location=[0, 0, 1, 1]),
    )

    assert lookups(outcomes) == [MISS, HIT, MISS, HIT]


def test_every_read_is_counted_hit_or_miss() -> None:
    """A read of an absent key is billed like any other."""
    outcomes = simulated(a_path("kv.read", WRITE, an_origin("120ms")), at_ms(0, 300))

    assert outcomes.usage["kv_reads"] == 2


def test_the_age_of_a_hit_counts_from_the_origin() -> None:
    """Made at 125 ms, answered at 305 ms: 180 ms old; a miss has no age."""
    outcomes = simulated(a_path("kv.read", WRITE, an_origin("120ms")), at_ms(0, 300))

    assert outcomes.request_rows.age_ns.tolist() == [NEVER, 180 * MS]


def test_a_hit_says_who_served_it() -> None:
    """The cache by its section's name."""
    outcomes = simulated(a_path("kv.read", WRITE, an_origin("120ms")), at_ms(0, 300))
    names = [outcomes.layers[code] for code in outcomes.request_rows.served_by]

    assert names == ["origin", "kv"]


def test_stale_while_revalidate_serves_at_once_and_refreshes_behind() -> None:
    """Expired at 1,005 ms; the first refreshes, others get stale until 1,085 ms."""
    read = {"kv.read": {"stale_while_revalidate": "10s"}}
    write = {"kv.write": {"ttl": "1s", "write_latency": "0ms"}}
    outcomes = simulated(
        a_path(read, write, an_origin("80ms")), at_ms(0, 2_000, 2_010, 2_085)
    )

    assert latencies_ms(outcomes) == [85, 5, 5, 5]
    assert lookups(outcomes) == [MISS, STALE, STALE, HIT]
    assert calls_ms(outcomes) == [5, 2_005]


def test_a_foreground_refresh_makes_one_request_wait() -> None:
    """The request that refreshes gets the new value, the others the stale one."""
    read = {"kv.read": {"stale_while_revalidate": "10s", "refresh": "foreground"}}
    write = {"kv.write": {"ttl": "1s", "write_latency": "0ms"}}
    outcomes = simulated(a_path(read, write, an_origin("80ms")), at_ms(0, 2_000, 2_010))

    assert latencies_ms(outcomes) == [85, 85, 5]


EARLY = {"refresh_ahead": {"fraction": "50%"}}
LATE = {"stale_while_revalidate": "10s"}


@pytest.mark.parametrize(
    ("rules", "instant", "old_value"), [(EARLY, 900, HIT), (LATE, 2_000, STALE)]
)
@pytest.mark.parametrize("on_error", ["old_value", "error"])
def test_a_foreground_refresh_that_fails_answers_the_old_value_or_its_error(
    rules: dict[str, object], instant: float, old_value: int, on_error: str
) -> None:
    """Put at 85 ms for 1 s; early or stale, the request waits 80 ms for a 503."""
    fault = {"kind": "window", "from": "500ms", "until": "9s", "status": 503}
    read = {"refresh": "foreground", "on_refresh_error": on_error, **rules}
    write = {"kv.write": {"ttl": "1s", "write_latency": "0ms"}}
    path = a_path({"kv.read": read}, write, an_origin("80ms", faults=[fault]))
    outcomes = simulated(path, at_ms(0, instant))
    answered = {"old_value": (200, old_value), "error": (503, MISS)}[on_error]

    assert (statuses(outcomes)[1], lookups(outcomes)[1]) == answered
    assert latencies_ms(outcomes)[1] == 85


@pytest.mark.parametrize(
    ("instant", "status", "answered"),
    [(3_084, 503, 200), (3_085, 503, 503), (3_084, 429, 429), (900, 503, 200)],
)
def test_stale_if_error_covers_the_error_of_a_refresh(
    instant: float, status: int, answered: int
) -> None:
    """Expired at 1,085 ms: covered to 3,085 ms, half-open, early refreshes too."""
    fault = {"kind": "window", "from": "500ms", "until": "9s", "status": status}
    read = {"refresh": "foreground", "on_refresh_error": "error", **EARLY, **LATE}
    write = {"kv.write": {"ttl": "1s", "write_latency": "0ms"}}
    path = a_path(
        {"kv.read": read | {"stale_if_error": "2s"}},
        write,
        an_origin("80ms", faults=[fault]),
    )

    assert statuses(simulated(path, at_ms(0, instant)))[1] == answered


def test_each_stale_answer_may_refresh_by_itself() -> None:
    """Without a lock every stale answer calls the origin."""
    read = {"kv.read": {"stale_while_revalidate": "10s", "refreshes": "each"}}
    write = {"kv.write": {"ttl": "1s", "write_latency": "0ms"}}
    outcomes = simulated(a_path(read, write, an_origin("80ms")), at_ms(0, 2_000, 2_010))

    assert calls_ms(outcomes) == [5, 2_005, 2_015]


def test_a_value_is_not_served_stale_for_ever() -> None:
    """Beyond its window a stale value is gone."""
    read = {"kv.read": {"stale_while_revalidate": "10s"}}
    write = {"kv.write": {"ttl": "1s", "write_latency": "0ms"}}
    outcomes = simulated(a_path(read, write, an_origin("80ms")), at_ms(0, 11_085))

    assert lookups(outcomes) == [MISS, MISS]


@pytest.mark.parametrize(("status", "answered"), [(503, 200), (429, 429)])
def test_stale_if_error_stands_in_for_a_server_error(
    status: int, answered: int
) -> None:
    """500, 502, 503 and 504 are covered, a refusal is not (RFC 5861, section 4)."""
    read = {"kv.read": {"stale_if_error": "10s"}}
    write = {"kv.write": {"ttl": "1s"}}
    fault = {"kind": "window", "from": "1.5s", "until": "9s", "status": status}
    path = a_path(read, write, an_origin("80ms", faults=[fault]))
    outcomes = simulated(path, at_ms(0, 2_000))

    assert (statuses(outcomes), latencies_ms(outcomes)[1]) == ([200, answered], 85)


def test_refresh_ahead_keeps_a_busy_key_fresh() -> None:
    """Asked for after half of its lifetime, a value is refreshed before it expires."""
    read = {"kv.read": {"refresh_ahead": {"fraction": "50%"}}}
    write = {"kv.write": {"ttl": "10s", "write_latency": "0ms"}}
    outcomes = simulated(
        a_path(read, write, an_origin("80ms")), at_ms(0, 5_084, 5_085, 10_090)
    )

    assert (lookups(outcomes), calls_ms(outcomes)) == ([0, 1, 1, 1], [5, 5_090])


def test_a_cancelled_foreground_refresh_lets_the_next_one_begin() -> None:
    """The second stale answer refreshes again after the first gave up."""
    read = {"kv.read": {"stale_while_revalidate": "10s", "refresh": "foreground"}}
    write = {"kv.write": {"ttl": "1s", "write_latency": "0ms"}}
    slow = {"kind": "window", "from": "1s", "until": "1h", "status": 200, "takes": "1s"}
    timeout = {"timeout": {"after": "100ms", "cancels": True}}
    path = a_path(timeout, read, write, an_origin("80ms", faults=[slow]))
    outcomes = simulated(path, at_ms(0, 2_000, 2_200))

    assert calls_ms(outcomes) == [5, 2_005, 2_205]


def test_xfetch_refreshes_early_by_chance() -> None:
    """With a great beta every look is early; the value is served all the same."""
    read = {"kv.read": {"xfetch": {"beta": 1_000}, "refreshes": "each"}}
    write = {"kv.write": {"ttl": "1s", "write_latency": "0ms"}}
    outcomes = simulated(
        a_path(read, write, an_origin("100ms")), at_ms(0, *range(200, 300, 10))
    )

    assert lookups(outcomes) == [MISS] + [HIT] * 10
    assert hits(outcomes) > 8


def test_a_read_of_no_time_is_still_a_read() -> None:
    """Zero latencies change no result, only the clock."""
    read = {"kv.read": {"read_latency": "0ms"}}
    write = {"kv.write": {"write_latency": "0ms", "ttl": "1s"}}
    outcomes = simulated(a_path(read, write, an_origin("0ms")), at_ms(0, 0, S / MS))

    assert lookups(outcomes) == [MISS, HIT, MISS]
