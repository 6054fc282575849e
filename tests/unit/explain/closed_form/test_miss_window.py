"""A miss window is as long as the layers of the path say."""

import pytest

from simcoalesce.explain.closed_form.miss_window import (
    Coalescing,
    MissWindow,
    miss_window_of,
)
from tests.unit.explain.builders import a_scenario

KV = "kv.write, origin]"
OBJECT = "{durable_object: {hop: 3ms, first_use: 50ms}}"
BUSY_OBJECT = "{durable_object: {service_time: 2ms, storage_time: 1ms}}"


def miss_window(path: str, *overrides: str) -> MissWindow:
    """Return the miss window of a path that has one."""
    found = miss_window_of(a_scenario(f"path={path}", *overrides))
    assert found is not None
    return found


def coalescing(path: str, *overrides: str) -> Coalescing:
    """Return where misses share fetches on a path."""
    found = miss_window(path, *overrides).coalescing
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (f"[kv.read, {KV}", {"origin": 60, "KV write": 40}),
        (
            "[kv.read, {kv.write: {acknowledge: background}}, origin]",
            {"origin": 60, "KV write": 40},
        ),
        ("[lock, origin]", {"origin": 60}),
        ("[waiting_list, origin]", {"origin": 60}),
        ("[bounded_retries, origin]", {"origin": 60}),
        ("[cdn, origin]", {"origin": 60}),
        (f"[cdn, kv.read, {KV}", {"KV read": 5, "origin": 60, "KV write": 40}),
        (
            "[cdn, kv.read, {kv.write: {acknowledge: background}}, origin]",
            {"KV read": 5, "origin": 60},
        ),
        (
            f"[kv.read, {OBJECT}, {KV}",
            {"way to the object": 53, "origin": 60, "KV write": 40},
        ),
        (
            f"[kv.read, {BUSY_OBJECT}, {KV}",
            {"work of the object": 3, "origin": 60, "KV write": 40},
        ),
        (
            f"[kv.read, kv.write, {OBJECT}, origin]",
            {"way to the object": 53, "origin": 60, "way back": 3, "KV write": 40},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_miss_window_is_what_is_behind_its_cache(
    path: str, parts: dict[str, int]
) -> None:
    """A write counts until KV shows it, or if who waits for the cache awaits it."""
    found = {one.name: round(one.length_s * 1_000) for one in miss_window(path).parts}

    assert found == parts


@pytest.mark.parametrize(
    ("path", "window_ms"),
    [
        ("[waiting_list, origin]", 60),
        ("[cdn, origin]", 60),
        ("[{cdn: {lock: false}}, origin]", 60),
        ("[cdn, lock, origin]", 60),
        ("[{cdn: {incomplete: whole}}, origin]", 360),
        ("[lock, origin]", 360),
        ("[bounded_retries, origin]", 360),
        ("[cdn, single_flight, origin]", 360),
        (f"[kv.read, cdn, {KV}", 400),
    ],
)
def test_a_body_prolongs_the_window_of_who_shares_whole_answers(
    path: str, window_ms: int
) -> None:
    """60 ms to the headers, 300 ms to the last byte, 40 ms to write."""
    found = miss_window(path, "origin.body=300ms")

    assert round(found.window_s * 1_000) == window_ms


@pytest.mark.parametrize(
    "path",
    [
        "[origin]",
        "[kv.read, origin]",
        "[single_flight, origin]",
        "[durable_object, origin]",
        "[memory, origin]",
    ],
)
def test_a_path_without_a_shared_cache_has_no_miss_window(path: str) -> None:
    """Nothing that all of a location look into ever ends it."""
    assert miss_window_of(a_scenario(f"path={path}")) is None


def test_what_may_not_be_stored_ends_no_miss_window() -> None:
    """Everybody misses for ever."""
    assert miss_window_of(a_scenario("origin.cacheable=false")) is None


@pytest.mark.parametrize(
    ("path", "kind", "domains"),
    [
        (f"[kv.read, single_flight, {KV}", "single_flight", 50),
        (f"[single_flight, kv.read, {KV}", "single_flight", 50),
        (f"[kv.read, durable_object, {KV}", "durable_object", 1),
        (f"[kv.read, durable_object, single_flight, {KV}", "durable_object", 1),
        (f"[kv.read, single_flight, durable_object, {KV}", "durable_object", 1),
        ("[lock, origin]", "lock", 1),
        (f"[cdn, kv.read, {KV}", "cdn", 1),
    ],
)
def test_misses_share_fetches_at_the_layer_with_the_fewest_domains(
    path: str, kind: str, domains: int
) -> None:
    """An object for each key, or a cache, or each of the isolates."""
    assert (coalescing(path).kind, coalescing(path).domains) == (kind, domains)


@pytest.mark.parametrize(
    ("routing", "domains", "calls"),
    [
        ("random", 50, 43),
        ("consistent_hash", 1, 1),
        ("sharded", 1, 1),
        ("sharded, spill_above: 40", 50, 35),
    ],
)
def test_misses_of_isolates_are_divided_as_requests_are_routed(
    routing: str, domains: int, calls: int
) -> None:
    """101 misses: 50 (1 - 0.98^101) = 43.5; beyond 40, 1 + 49 (1 - 0.98^61) = 35.7."""
    path = f"[kv.read, single_flight, {KV}"
    found = coalescing(path, f"traffic.routing={routing.partition(',')[0]}")
    if "spill_above" in routing:
        rule = ("traffic.routing=sharded", "traffic.spill_above=40")
        found = coalescing(path, *rule)

    assert found.domains == domains
    assert int(found.calls(1_000, 0.1)) == calls


@pytest.mark.parametrize(
    "path",
    [
        f"[kv.read, {KV}",
        "[{cdn: {lock: false}}, origin]",
        f"[kv.read, {{durable_object: {{gate: block_concurrency}}}}, {KV}",
    ],
)
def test_where_each_fetches_nothing_is_shared(path: str) -> None:
    """A mutex lets them in one after the other, and each fetches."""
    assert miss_window(path).coalescing is None


def test_a_background_write_lets_a_second_fetch_begin() -> None:
    """The first is over before KV shows what it brought."""
    path = "[kv.read, durable_object, {kv.write: {acknowledge: background}}, origin]"
    found = coalescing(path)

    assert (found.flight_s, found.span_s) == (0.06, 0.1)
    assert found.calls(1_000, 10) == pytest.approx(2)


def test_memory_in_the_object_needs_no_second_fetch() -> None:
    """Who comes after the first one finds its value there."""
    path = (
        "[kv.read, durable_object, memory, {kv.write: {acknowledge: background}},"
        " origin]"
    )

    assert coalescing(path).calls(1_000, 10) == 1


def test_who_stops_waiting_fetches_too() -> None:
    """Traffic Server's readers wait for 900 ms of a fetch of 1.2 s."""
    found = coalescing("[bounded_retries, origin]", "origin.latency=1200ms")

    assert found.vain_s == pytest.approx(0.3)
    assert found.calls(100, 10) == pytest.approx(31)


def test_a_lock_of_nginx_is_for_cold_keys_only_unless_it_serves_stale() -> None:
    """The lock is not asked for what has expired."""
    assert coalescing("[lock, origin]").is_for_cold_keys
    assert not coalescing("[{lock: {stale: updating}}, origin]").is_for_cold_keys


def test_an_answer_that_takes_no_time_can_be_joined_by_nobody() -> None:
    """Each who comes until KV shows it fetches."""
    path = "[kv.read, durable_object, {kv.write: {acknowledge: background}}, origin]"
    found = coalescing(path, "origin.latency=0ms")

    assert found.calls(1_000, 10) == pytest.approx(41)
