"""What holds for every path and every traffic: small random runs, full of ties."""

from dataclasses import astuple
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import TypeAdapter

from simcoalesce.model.layer import Layer
from simcoalesce.model.rate_limit import RateLimit
from simcoalesce.outcomes import (
    CLIENT_LEFT,
    NEVER,
    Lookup,
    Outcomes,
    Role,
    is_served,
)
from simcoalesce.request import Requests
from tests.builders import MS, a_path, an_origin, hits, simulated, statuses
from tests.random_scenarios import (
    ALL_PATHS,
    FLIGHTS,
    LATENCIES,
    LIMITS,
    MEMORIES,
    OBJECTS,
    READS,
    RETRIES,
    SPANS,
    TIMEOUTS,
    WAITS,
    WRITES,
    Entry,
    any_requests,
)

QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
REFUSING = (
    *("adaptive_throttle", "bulkhead", "circuit_breaker", "limiter", "load_shed"),
)
"""Layers whose refusals in front of the worker are no requests of it."""
LONG = settings(QUICK, max_examples=5_000, derandomize=False)


def run(path: list[Layer], requests: Requests, seed: int = 1) -> Outcomes:
    """Return a run in two locations."""
    return simulated(path, requests, seed=seed, locations=2, keys=2)


def tables(outcomes: Outcomes) -> tuple[bytes, ...]:
    """Return all that a run wrote, as bytes."""
    rows = [*astuple(outcomes.request_rows), *astuple(outcomes.origin_rows)]
    return (*(column.tobytes() for column in rows), repr(outcomes.usage).encode())


def check_the_rows(path: list[Layer], requests: Requests, seed: int) -> None:
    """Assert what the rows of any run obey."""
    outcomes = run(path, requests, seed)
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    assert np.array_equal(rows.request, np.arange(len(requests)))
    assert (rows.completed_at_ns >= rows.arrived_at_ns).all()
    assert (rows.attempts >= 1).all()
    assert ((rows.age_ns == NEVER) == ~is_served(rows.lookup)).all()
    assert (rows.age_ns >= NEVER).all()
    assert ((rows.status == 200) | (rows.status >= 400)).all()
    assert (calls.completed_at_ns >= calls.called_at_ns).all()
    assert (np.diff(calls.called_at_ns) >= 0).all()
    assert np.isin(calls.request, rows.request).all()


def check_the_usage(path: list[Layer], requests: Requests, seed: int) -> None:
    """Assert what the counted operations of any run obey."""
    outcomes = run(path, requests, seed)
    usage, calls = outcomes.usage, outcomes.origin_rows
    accepted, rejected = (calls.status != 429).sum(), (calls.status == 429).sum()
    assert min(usage.values()) >= 0
    assert usage["origin_calls"] == accepted + rejected == len(calls.request)
    assert usage["response_bytes"] == 2_048 * (calls.status < 400).sum()
    refusing = [outcomes.layers.index(n) for n in REFUSING if n in outcomes.layers]
    rows = outcomes.request_rows
    # Who is refused, or gives up while it waits, may never reach a worker.
    never = np.isin(rows.served_by, refusing) | np.isin(rows.status, (CLIENT_LEFT, 504))
    assert usage["worker_requests"] >= len(requests) - never.sum()


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_every_request_is_answered_once_and_not_before_it_came(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Nobody waits for ever, whatever the layers and their order."""
    check_the_rows(path, requests, seed)


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_what_is_billed_is_never_negative_and_agrees_with_the_rows(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Accepted and rejected calls are all the calls."""
    check_the_usage(path, requests, seed)


@pytest.mark.slow
@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@LONG
def test_the_laws_hold_for_thousands_of_scenarios(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """The same again, for longer."""
    check_the_rows(path, requests, seed)
    check_the_usage(path, requests, seed)


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_the_same_seed_gives_the_same_bytes(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """A run depends on nothing else."""
    assert tables(run(path, requests, seed)) == tables(run(path, requests, seed))


@given(path=ALL_PATHS, requests=any_requests(), cut=st.integers(0, 25))
@QUICK
def test_traffic_in_two_chunks_gives_the_same_bytes(
    path: list[Layer], requests: Requests, cut: int
) -> None:
    """Wherever it is cut, also in the middle of an instant."""
    cut = min(cut, len(requests))
    halves = [requests.first(cut), requests.after(cut)]
    whole = run(path, requests)

    assert tables(simulated(path, halves, locations=2)) == tables(whole)


@given(path=ALL_PATHS, requests=any_requests())
@QUICK
def test_traffic_is_the_same_whatever_the_path(
    path: list[Layer], requests: Requests
) -> None:
    """The rows repeat it, column by column."""
    rows = run(path, requests).request_rows

    assert np.array_equal(rows.arrived_at_ns, requests.arrived_at_ns)
    assert np.array_equal(rows.key, requests.key)
    assert np.array_equal(rows.location, requests.location)
    assert np.array_equal(rows.isolate, requests.isolate)


HARMLESS = st.lists(
    st.one_of(
        READS,
        MEMORIES,
        FLIGHTS,
        OBJECTS.filter(
            lambda entry: (
                not {"queue_limit", "queue_timeout", "block_limit"}
                & set(entry["durable_object"])
            )
        ),
    ),
    max_size=5,
)


@given(layers=HARMLESS, latency=LATENCIES, requests=any_requests())
@QUICK
def test_where_nothing_fails_everybody_is_answered(
    layers: list[Entry], latency: Any, requests: Requests
) -> None:
    """Without faults, limits and deadlines there is no error, whatever the clean-up."""
    path = a_path(*layers, an_origin(latency))

    assert set(statuses(run(path, requests))) == {200}


BEFORE = st.lists(st.one_of(READS, FLIGHTS, TIMEOUTS, RETRIES, MEMORIES), max_size=3)
INSIDE = st.lists(st.one_of(READS, WRITES, MEMORIES, RETRIES), max_size=3)


@given(
    before=BEFORE,
    inside=INSIDE,
    gate=st.sampled_from(["input_gate", "block_concurrency"]),
    hop=LATENCIES,
    latency=LATENCIES,
    requests=any_requests(),
)
@QUICK
def test_calls_of_a_key_never_overlap_behind_its_object(
    before: list[Entry],
    inside: list[Entry],
    gate: str,
    hop: Any,
    latency: Any,
    requests: Requests,
) -> None:
    """At most one flight per key while the clean-up is `finally`.

    Time-outs may stand before the object, where they end no flight; inside it they
    would let a new one begin while the old call is still open.
    """
    layer = {"durable_object": {"gate": gate, "hop": hop}}
    fault = {"kind": "random", "probability": "30%"}
    path = a_path(*before, layer, *inside, an_origin(latency, faults=[fault]))
    outcomes = run(path, requests)
    calls = outcomes.origin_rows
    is_storable = outcomes.request_rows.lookup != Lookup.BYPASS
    for key in (0, 1):
        mine = (calls.key == key) & is_storable[calls.request]
        begins, ends = calls.called_at_ns[mine], calls.completed_at_ns[mine]

        assert (begins[1:] >= ends[:-1]).all()


@given(
    reads=st.lists(READS, max_size=1),
    writes=st.lists(WRITES, max_size=1),
    latency=LATENCIES,
    requests=any_requests(),
)
@QUICK
def test_no_follower_is_answered_before_its_leader(
    reads: list[Entry], writes: list[Entry], latency: Any, requests: Requests
) -> None:
    """Each has a leader, of its isolate and key, that is answered in its lifetime.

    Not after it, and not before the follower came: flights end with `finally`.
    """
    path = a_path(*reads, "single_flight", *writes, an_origin(latency))
    rows = run(path, requests).request_rows
    for follower in np.flatnonzero(rows.role == Role.FOLLOWER):
        led = (rows.role == Role.LEADER) & (rows.key == rows.key[follower])
        led &= rows.isolate == rows.isolate[follower]
        led &= rows.completed_at_ns <= rows.completed_at_ns[follower]
        led &= rows.completed_at_ns >= rows.arrived_at_ns[follower]

        assert led.any()


@given(
    latency=WAITS,
    write=WAITS,
    ttl=SPANS,
    gate=st.sampled_from(["input_gate", "block_concurrency"]),
    requests=any_requests(locations=1),
)
@QUICK
def test_an_object_never_costs_more_calls_than_the_naive_path(
    latency: str, write: str, ttl: str, gate: str, requests: Requests
) -> None:
    """Where nothing fails, latencies are constant, and a look takes no time.

    Every flight but the first begins after the lifetime of the last put; a naive run
    can only have a hit there if one of its own misses began since the last flight.
    With random latencies a leader may be slower than the fastest of many racers, and
    with puts refused or absence remembered, a luckier put may be lost: no law then.
    """
    read = {"kv.read": {"read_latency": "0ms"}}
    fields = {"write_latency": write, "ttl": ttl, "writes_per_key": "unlimited"}
    put = {"kv.write": fields}
    layer = {"durable_object": {"gate": gate}}
    naive = simulated(a_path(read, put, an_origin(latency)), requests)
    coalesced = simulated(a_path(read, layer, read, put, an_origin(latency)), requests)

    assert hits(coalesced) <= hits(naive)


@given(limit=st.sampled_from(LIMITS), latency=LATENCIES, requests=any_requests())
@QUICK
def test_an_origin_never_admits_more_than_its_allowance(
    limit: dict[str, Any], latency: Any, requests: Requests
) -> None:
    """The model asserts at each call that tokens lie in [0, burst]; this is the sum."""
    path = a_path({"retry": {"backoff": "0ms"}}, an_origin(latency, rate_limit=limit))
    calls = run(path, requests).origin_rows
    admitted_at_ns = calls.called_at_ns[calls.status == 200]
    rule: RateLimit = TypeAdapter(RateLimit).validate_python(limit)
    allowance = rule.allowance(int(calls.called_at_ns[-1]) + 1)

    assert allowance is None or len(admitted_at_ns) <= allowance


@given(
    read_at=st.sampled_from(["start", "end"]),
    window=st.sampled_from([0, 20, 60]),
    jitter=st.sampled_from([0.0, 0.5]),
    ttl=st.sampled_from([5, 10, 20, 40]),
    coalescing=st.lists(FLIGHTS | st.just({"durable_object": {}}), max_size=1),
    latency=LATENCIES,
    requests=any_requests(),
)
@QUICK
def test_nothing_is_served_beyond_its_lifetime(
    *,
    read_at: str,
    window: int,
    jitter: float,
    ttl: int,
    coalescing: list[Entry],
    latency: Any,
    requests: Requests,
) -> None:
    """When it was looked up, a hit was younger than its ttl, a stale one than both."""
    read = {"read_latency": "5ms", "read_at": read_at}
    read |= {"stale_while_revalidate": f"{window}ms"}
    put = {"ttl": f"{ttl}ms", "ttl_jitter": jitter, "write_latency": "0ms"}
    path = a_path({"kv.read": read}, *coalescing, {"kv.write": put}, an_origin(latency))
    rows = run(path, requests).request_rows
    age_ns = rows.age_ns - (5 * MS if read_at == "start" else 0)
    most_ms = ttl * (1 + jitter)

    assert (age_ns[rows.lookup == Lookup.HIT] < most_ms * MS).all()
    assert (age_ns[rows.lookup == Lookup.STALE] < (most_ms + window) * MS).all()


@given(ttl=st.sampled_from([5, 10, 20, 40]), latency=LATENCIES, requests=any_requests())
@QUICK
def test_no_memory_serves_beyond_its_lifetime(
    ttl: int, latency: Any, requests: Requests
) -> None:
    """A value came when it was made, and is served at once."""
    path = a_path({"memory": {"ttl": f"{ttl}ms"}}, an_origin(latency))
    rows = run(path, requests).request_rows
    age_ns: NDArray[np.int64] = rows.age_ns[rows.lookup == Lookup.HIT]

    assert (age_ns < ttl * MS).all()
