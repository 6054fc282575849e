"""The compiled engine equals the readable one, bit for bit, whatever the scenario."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce import Scenario, run
from simcoalesce.compiled import api
from simcoalesce.compiled.coverage import has_kernel, why_not
from simcoalesce.compiled.kernel import EntryPoint
from simcoalesce.compiled.layer_kernels import LAYERS
from simcoalesce.compiled.shard_tally import whole
from simcoalesce.compiled.shards import why_whole
from simcoalesce.compiled.state import State
from simcoalesce.metrics import Tally, measure
from simcoalesce.model import edge
from simcoalesce.model.change import NOTHING_ELSE, Agenda
from simcoalesce.model.layer import Layer
from simcoalesce.model.rate_limit import window_of
from simcoalesce.outcomes import OriginRows, RequestRows
from simcoalesce.randomness import Stream
from simcoalesce.request import Requests
from tests.builders import MS, a_path, an_origin, even, tables
from tests.random_scenarios import (
    CLEANUPS,
    FORGIVING_READS,
    ORIGINS,
    PATHS,
    PERIODS,
    READS,
    WRITES,
    Entry,
    any_requests,
)

pytest.importorskip("llvmlite", reason="the compiled engine needs llvmlite")

QUICK = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
LONG = settings(QUICK, max_examples=10_000, derandomize=False)


def both(
    path: list[Layer],
    requests: Requests,
    seed: int,
    every: int | None = None,
    agenda: Agenda = NOTHING_ELSE,
) -> tuple[dict[str, object], dict[str, object]]:
    """Return what each engine makes of a run, one request a process and compiled.

    Asserts on the way that fast hits change nothing, and that what is counted
    without rows is what the rows say. Traffic may come in chunks of some size.
    """
    names: dict[str, Any] = {"keys": ("key-0", "key-1"), "locations": ("at-0", "at-1")}
    names["agenda"] = agenda
    chunks = list(in_chunks(requests, every or len(requests) or 1))
    plain = edge.simulate(path, [requests], seed=seed, **names, uses_fast_path=False)
    fast = edge.simulate(path, chunks, seed=seed, **names)
    compiled = api.simulate_compiled(path, chunks, seed=seed, **names)
    assert tables(fast) == tables(plain)
    counted = api.tally_compiled(path, chunks, seed=seed, **names)
    window_ns = window_of(path[-1].rate_limits)
    streamed = Tally(keys=2, locations=2, window_ns=window_ns)
    streamed.usage = edge.stream(
        path, chunks, lambda *rows: add(streamed, *rows), seed=seed, **names
    )
    measured = measure(Tally.of(plain, window_ns=window_ns))
    assert measure(counted) == measure(streamed) == measured
    assert counted.usage == streamed.usage == plain.usage
    if not why_whole(path):
        cut = api.tally_compiled(path, chunks, seed=seed, **names, shards=2)
        parts = [
            api.shard_tally_compiled(path, chunks, (which, 2), seed=seed, **names)
            for which in (0, 1)
        ]
        for joined in (cut, whole(parts, cpu_ns=0)):
            assert (measure(joined), joined.usage) == (measured, plain.usage)
    return tables(plain), tables(compiled)


def add(tally: Tally, rows: RequestRows, calls: OriginRows) -> None:
    """Count some rows."""
    tally.add(rows)
    tally.calls.add(calls)


def in_chunks(requests: Requests, every: int) -> Iterator[Requests]:
    """Yield consecutive parts of a chunk."""
    for begin in range(0, len(requests), every):
        yield requests.after(begin).first(every)


@given(path=PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_both_engines_write_the_same_tables(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Every row, every call and every counted operation is the same."""
    plain, compiled = both(path, requests, seed)

    assert compiled == plain


@given(path=PATHS, requests=any_requests(), seed=st.integers(0, 9))
@settings(QUICK, max_examples=60)
def test_kernels_are_python_too(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """What compiled kernels do, they do as plain functions, number by number."""
    names: dict[str, Any] = {"keys": ("key-0", "key-1"), "locations": ("at-0", "at-1")}
    compiled = api.simulate_compiled(path, [requests], seed=seed, **names)
    counted = api.tally_compiled(path, [requests], seed=seed, **names)
    with pytest.MonkeyPatch.context() as patch, np.errstate(over="ignore"):
        patch.setattr(EntryPoint, "__call__", _as_python)
        plain = api.simulate_compiled(path, [requests], seed=seed, **names)
        tally = api.tally_compiled(path, [requests], seed=seed, **names)

    assert tables(plain) == tables(compiled)
    assert measure(tally) == measure(counted)


def _as_python(entry: EntryPoint, *arguments: Any) -> int:
    """Call the function of an entry: it sees arrays in one piece, and the state."""
    flat = [
        one.reshape(-1) if isinstance(one, np.ndarray) else one for one in arguments
    ]
    flat[0] = State(flat[0], 0)
    return int(entry.function(*flat))


@given(
    read=READS | FORGIVING_READS,
    sharing=st.sampled_from([[], ["single_flight"], ["durable_object"]]),
    write=WRITES,
    origin=ORIGINS,
    requests=any_requests(keys=1, isolates=1),
)
@QUICK
def test_both_engines_read_the_same_of_what_is_put(
    read: Entry, sharing: list[Any], write: Entry, origin: Entry, requests: Requests
) -> None:
    """One key, asked for again and again: kept, hidden, early, stale, refused."""
    plain, compiled = both(a_path(read, *sharing, write, origin), requests, seed=1)

    assert compiled == plain


@given(
    on_error=st.sampled_from(["old_value", "error"]),
    if_error=PERIODS,
    status=st.sampled_from([429, 503]),
    requests=any_requests(keys=1, isolates=1, locations=1),
)
@QUICK
def test_both_engines_answer_the_same_to_a_refresh_that_fails(
    on_error: str, if_error: str, status: int, requests: Requests
) -> None:
    """Early and stale, every second call fails: the old value, or the error."""
    late = {"stale_while_revalidate": "40ms", "stale_if_error": if_error}
    read = {"refresh_ahead": {"fraction": "50%"}, **late}
    foreground = {"refresh": "foreground", "on_refresh_error": on_error}
    write = {"ttl": "20ms", "write_latency": "0ms", "writes_per_key": "unlimited"}
    fault = {"kind": "random", "probability": "50%", "status": status}
    path = a_path(
        {"kv.read": read | foreground},
        {"kv.write": write},
        an_origin("5ms", faults=[fault]),
    )
    plain, compiled = both(path, requests, seed=1)

    assert compiled == plain


@given(path=PATHS, requests=any_requests(), every=st.integers(1, 12))
@settings(QUICK, max_examples=150)
def test_the_compiled_engine_does_not_see_where_traffic_is_cut(
    path: list[Layer], requests: Requests, every: int
) -> None:
    """In chunks of any size, also cut in the middle of an instant."""
    plain, compiled = both(path, requests, seed=1, every=every)

    assert compiled == plain


def requests_with_ties(count: int, gap_ns: int, seed: int) -> Requests:
    """Return many requests of two keys at two locations, on a grid full of ties."""
    ids = np.arange(count)
    gaps = Stream(seed, "gaps").choices(ids, 3) * gap_ns
    return Requests(
        first_id=0,
        arrived_at_ns=np.cumsum(gaps),
        key=Stream(seed, "key").choices(ids, 2),
        location=Stream(seed, "location").choices(ids, 2),
        isolate=Stream(seed, "isolate").choices(ids, 4),
    )


TIMERS = st.fixed_dictionaries(
    {
        "every": st.sampled_from(["10ms", "15ms", "40ms"]),
        "first_at": st.sampled_from(["0s", "5ms", "20ms"]),
        "keys": st.sampled_from(["all", "none", "key-1", "50%"]),
        "spacing": st.sampled_from(["0ms", "0ms", "5ms", "10ms"]),
        "location": st.sampled_from(["each", "at-1"]),
    }
).map(lambda timer: {"refresh_timer": timer})


@given(
    timers=st.lists(TIMERS, min_size=1, max_size=2),
    read=READS | FORGIVING_READS,
    sharing=st.sampled_from([[], ["memory"], ["single_flight"], ["durable_object"]]),
    write=WRITES,
    origin=ORIGINS,
    requests=any_requests(),
    lasts_ms=st.sampled_from([0, 40, 100]),
)
@settings(QUICK, max_examples=300)
def test_both_engines_make_the_same_fetches_by_timers(  # noqa: PLR0917 - drawn
    timers: list[Entry],
    read: Entry,
    sharing: list[Any],
    write: Entry,
    origin: Entry,
    requests: Requests,
    lasts_ms: int,
) -> None:
    """In rounds that meet requests, and each other, at the same instants."""
    path = a_path(timers[0], read, *timers[1:], *sharing, write, origin)
    agenda = Agenda(ends_at_ns=lasts_ms * MS)
    plain, compiled = both(path, requests, seed=1, agenda=agenda)

    assert compiled == plain


LATER = st.sampled_from(["0ms", "5ms", "20ms", {"uniform": ["0ms", "20ms"]}])
PLAIN_READS = st.fixed_dictionaries(
    {"read_at": st.sampled_from(["start", "end"]), "read_latency": LATER}
)
PLAIN_WRITES = st.fixed_dictionaries(
    {
        "write_latency": LATER,
        "ttl": st.sampled_from(["40ms", "200ms", "2s"]),
        "propagation": LATER,
        "writes_per_key": st.sampled_from(["unlimited", "10/s"]),
    },
    optional={"initial": st.just({"keys": "key-0", "age": "10ms"})},
)


@given(
    read=PLAIN_READS,
    write=PLAIN_WRITES,
    between=st.sampled_from([[], ["single_flight"], ["durable_object"]]),
    gap_ms=st.sampled_from([0, 1, 5]),
    seed=st.integers(0, 99),
)
@settings(QUICK, max_examples=120)
def test_the_hit_fast_path_changes_no_row(
    read: dict[str, Any],
    write: dict[str, Any],
    between: list[Any],
    gap_ms: int,
    seed: int,
) -> None:
    """Long runs of hits, between puts that come, become visible and expire."""
    layers = [{"kv.read": read}, *between, {"kv.write": write}]
    path = a_path(*layers, an_origin("10ms"))

    plain, compiled = both(
        path, requests_with_ties(600, gap_ms * MS, seed), seed, every=77
    )

    assert compiled == plain


COALESCING = st.one_of(
    st.fixed_dictionaries(
        {
            "cleanup": CLEANUPS,
            "leader_bound": st.sampled_from([False, False, True]),
            "forget_after": st.sampled_from(["unlimited", "unlimited", "25ms"]),
        }
    ).map(lambda flights: {"single_flight": flights}),
    st.fixed_dictionaries(
        {
            "cleanup": CLEANUPS,
            "id_from": st.sampled_from(["key", "global"]),
            "hop": LATER,
            "first_use": st.sampled_from(["0ms", "30ms"]),
            "gate": st.sampled_from(["input_gate", "input_gate", "block_concurrency"]),
            "service_time": st.sampled_from(["0ms", "0ms", "1ms"]),
        }
    ).map(lambda flights: {"durable_object": flights}),
)
BEHIND = st.sampled_from(
    [[], ["memory"], [{"timeout": {"after": "70ms"}}], ["single_flight"]]
)
CALLS = st.sampled_from(["100ms", "30ms", {"uniform": ["10ms", "200ms"]}])
FAULTS: list[list[Any]] = [[], [], [{"kind": "first", "calls": 2}]]
COALESCED = st.tuples(
    PLAIN_READS.map(lambda read: [{"kv.read": read}]),
    COALESCING.map(lambda flights: [flights]),
    BEHIND,
    PLAIN_WRITES.map(lambda write: [{"kv.write": write}]),
    st.builds(an_origin, CALLS, faults=st.sampled_from(FAULTS)).map(lambda it: [it]),
).map(lambda parts: a_path(*chain.from_iterable(parts)))


@given(
    path=COALESCED,
    gap_us=st.sampled_from([0, 100, 700, 5_000]),
    seed=st.integers(0, 99),
)
@settings(QUICK, max_examples=150)
def test_the_follower_fast_path_changes_no_row(
    path: list[Layer], gap_us: int, seed: int
) -> None:
    """Long flights with many behind each, whatever they bring and how they end."""
    plain, compiled = both(
        path, requests_with_ties(600, gap_us * 1_000, seed), seed, every=333
    )

    assert compiled == plain


@pytest.mark.slow
@given(
    path=PATHS,
    requests=any_requests(),
    seed=st.integers(0, 1 << 30),
    every=st.integers(1, 25),
)
@LONG
def test_both_engines_agree_on_ten_thousand_scenarios(
    path: list[Layer], requests: Requests, seed: int, every: int
) -> None:
    """The same again, for longer, and with other seeds each time."""
    plain, compiled = both(path, requests, seed, every)

    assert compiled == plain


@pytest.mark.parametrize("requests", [5_000, 100_000])
def test_memory_that_grows_in_mid_run_changes_nothing(requests: int) -> None:
    """A stampede far larger than the first capacity of the state."""
    path = a_path("kv.read", "single_flight", "memory", "kv.write", an_origin("120ms"))
    traffic = even(requests, 1_000)

    plain, compiled = both(path, traffic, seed=1)

    assert compiled == plain


@pytest.mark.parametrize("around", [[], [{"hedge": {"after": "5ms", "most": 3}}]])
def test_a_request_may_make_more_calls_than_a_turn_has_memory_for(
    around: list[Any],
) -> None:
    """A thousand calls begin at one instant; some fail, and end the others."""
    faults = [{"kind": "random", "probability": "1%", "status": 502}]
    calls = {"fan_out": {"calls": 1000, "cancels": True}}
    path = a_path(*around, calls, an_origin("20ms", faults=faults))

    plain, compiled = both(path, even(5, 10 * MS), seed=1)

    assert compiled == plain


def test_every_kernel_that_is_said_to_be_there_is_one() -> None:
    """It goes through the layer that it is called as."""
    layers = [*filter(has_kernel, Layer.members().values())]

    assert len(layers) == len(LAYERS.kernels("step"))
    assert all(callable(LAYERS.kernels_of(layer).step) for layer in layers)


def test_a_layer_of_the_users_own_is_left_to_the_other_engine() -> None:
    """It needs no kernel: the path is simulated all the same."""

    class Own(Layer):
        kind: str = "kv.read"

    own = Own()

    assert why_not([own, *a_path(an_origin("1ms"))], keys=1, locations=1) == (
        "kv.read has no kernel"
    )


@pytest.mark.parametrize("kind", ["lock", "waiting_list", "bounded_retries", "cdn"])
def test_a_full_cache_at_the_start_is_left_to_the_other_engine(kind: str) -> None:
    """What it holds then depends on what has made room for what."""
    path = a_path({kind: {"max_entries": 1, "initial": {}}}, an_origin("1ms"))

    assert why_not(path, keys=1, locations=1).startswith(f"{kind} has no kernel for")


def test_more_views_than_memory_are_left_to_the_other_engine() -> None:
    """Keys times locations are bounded."""
    path = a_path("kv.read", an_origin("1ms"))

    assert "keys x locations" in why_not(path, keys=1 << 20, locations=100)
    assert not why_not(path, keys=10_000, locations=100)


def test_what_a_store_holds_at_the_start_has_the_keys_of_the_start() -> None:
    """A version of the keys that comes later is held by nobody: it is fetched anew."""
    sale = Scenario.parse(
        """
traffic:
  arrivals: [{kind: even, requests: 100, every_request: 10ms}]
  new_key_version_at: [500ms]
kv: {initial: {keys: all, age: 0ms}}
origin: {latency: 20ms}
path: [kv.read, kv.write, origin]
"""
    )
    runs = [run(sale, engine=engine) for engine in ("simpy", "compiled")]

    assert [len(one.origin_rows.request) > 0 for one in runs] == [True, True]
    assert runs[0].requests.equals(runs[1].requests)
