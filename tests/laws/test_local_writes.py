"""In the one location that there is, what has been put is what is read from then on."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce.compiled import api
from simcoalesce.outcomes import Lookup, Outcomes
from simcoalesce.request import Requests
from tests.builders import a_path, an_origin, simulated
from tests.random_scenarios import LATENCIES, PERIODS, any_requests, entries

QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
KEEPING_READS = entries(
    "kv.read",
    read_latency=LATENCIES,
    read_at=st.sampled_from(["start", "end"]),
    cache_ttl=PERIODS,
    negative_ttl=PERIODS,
)
WRITES = LATENCIES.map(
    lambda latency: {"kv.write": {"write_latency": latency, "writes_per_key": "1k/s"}}
)
SHARING: st.SearchStrategy[list[Any]] = st.sampled_from([[], ["durable_object"]])


def compiled(path: Any, requests: Requests) -> Outcomes:
    """Return a run of the compiled engine."""
    pytest.importorskip("llvmlite", reason="the compiled engine needs llvmlite")
    names: dict[str, Any] = {"keys": ("key-0", "key-1"), "locations": ("at-0",)}
    return api.simulate_compiled(path, [requests], seed=1, **names)


def acknowledged(outcomes: Outcomes) -> dict[int, list[tuple[int, int]]]:
    """Return of each key when puts were acknowledged, and when their value was made."""
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    puts: dict[int, list[tuple[int, int]]] = {}
    for request, made_ns in zip(calls.request, calls.completed_at_ns, strict=True):
        is_put = rows.lookup[request] != Lookup.BYPASS
        if is_put and rows.status[request] == 200:
            put = (int(rows.completed_at_ns[request]), int(made_ns))
            puts.setdefault(int(rows.key[request]), []).append(put)
    return puts


@pytest.mark.parametrize("engine", [simulated, compiled])
@given(
    read=KEEPING_READS,
    sharing=SHARING,
    write=WRITES,
    requests=any_requests(locations=1),
)
@QUICK
def test_no_read_after_an_acknowledged_put_finds_less(
    engine: Any, read: Any, sharing: list[Any], write: Any, requests: Requests
) -> None:
    """Neither absence nor an older value, whatever the location had cached."""
    path = a_path(read, *sharing, write, an_origin({"uniform": ["0ms", "20ms"]}))
    outcomes = engine(path, requests)
    rows, puts = outcomes.request_rows, acknowledged(outcomes)
    made_ns = rows.completed_at_ns - rows.age_ns
    for request, began_ns in enumerate(rows.arrived_at_ns):
        known = puts.get(int(rows.key[request]), [])
        least_ns = [made for done, made in known if done <= began_ns]
        if least_ns and rows.lookup[request] != Lookup.BYPASS:
            assert rows.lookup[request] == Lookup.HIT
            assert made_ns[request] >= max(least_ns)
