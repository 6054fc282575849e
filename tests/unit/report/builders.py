"""Hand-made outcomes: what a naive flash sale leaves behind, without any model."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PriceList
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.experiment.result import Result
from simcoalesce.experiment.sweeps.sweep import Sweep, simulate_points, sweep_plan
from simcoalesce.metrics import Expectation, measure
from simcoalesce.outcomes import Lookup, OriginRows, Outcomes, RequestRows, Role
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.scenario import Scenario
from tests.unit.experiment.builders import a_sale

MS = 1_000_000
S = 1_000_000_000


def a_context(
    *,
    title: str = "One product, one cold key, 21:00",
    starts_at: datetime | None = None,
    path: Sequence[Any] = (),
) -> Scenario:
    """Return what pictures read of a scenario, without one."""
    known = SimpleNamespace(
        name="flash-sale-9pm", title=title, starts_at=starts_at, path=path
    )
    return cast("Scenario", known)


def outcomes_of(
    arrived_at_ns: Sequence[int] | NDArray[np.int64],
    *,
    latency_ns: int | Sequence[int] | NDArray[np.int64] = 5 * MS,
    status: int | NDArray[np.int64] = 200,
    lookup: int | NDArray[np.int64] = Lookup.HIT,
    role: int | NDArray[np.int64] = Role.NONE,
    key: int | NDArray[np.int64] = 0,
    calls: OriginRows | None = None,
    keys: tuple[str, ...] = ("product",),
    usage: Mapping[str, float] | None = None,
) -> Outcomes:
    """Return outcomes with the given columns; scalars hold for every row."""
    arrived = np.asarray(arrived_at_ns, dtype=np.int64)

    def column(value: Any) -> NDArray[np.int64]:
        return np.broadcast_to(np.asarray(value, dtype=np.int64), arrived.shape).copy()

    rows = RequestRows(
        request=np.arange(len(arrived)),
        key=column(key),
        location=column(0),
        isolate=column(0),
        arrived_at_ns=arrived,
        completed_at_ns=arrived + column(latency_ns),
        status=column(status),
        lookup=column(lookup),
        role=column(role),
        served_by=column(0),
        age_ns=column(-1),
        attempts=column(1),
    )
    return Outcomes(rows, calls or no_calls(), usage or {}, keys, ("icn",), ("kv",))


def no_calls() -> OriginRows:
    """Return the table of an origin that nobody called."""
    return calls_of([], [], [], [])


def calls_of(
    request: Sequence[int] | NDArray[np.int64],
    called_at_ns: Sequence[int] | NDArray[np.int64],
    completed_at_ns: Sequence[int] | NDArray[np.int64],
    status: Sequence[int] | NDArray[np.int64],
    key: Sequence[int] | NDArray[np.int64] | int = 0,
) -> OriginRows:
    """Return origin rows with the given columns."""
    ids = np.asarray(request, dtype=np.int64)
    return OriginRows(
        request=ids,
        key=np.broadcast_to(np.asarray(key, dtype=np.int64), ids.shape).copy(),
        called_at_ns=np.asarray(called_at_ns, dtype=np.int64),
        completed_at_ns=np.asarray(completed_at_ns, dtype=np.int64),
        status=np.asarray(status, dtype=np.int64),
        version=np.zeros(len(ids), dtype=np.int64),
    )


def a_flash_sale(
    requests: int = 800, *, bursts: int = 1, limit: int = 10**9, every_ns: int = 60 * S
) -> Outcomes:
    """Return a naive flash sale: even arrivals in 400 ms, a key that expires between.

    KV is read in 5 ms, the origin answers in 120 ms and refuses in 10 ms beyond
    `limit` calls, a put takes 80 ms and is awaited.
    """
    within = np.arange(requests) * (400 * MS) // max(requests, 1)
    arrived = (np.arange(bursts)[:, None] * every_ns + within).ravel()
    called = arrived + 5 * MS
    status, lookup = np.full(len(arrived), 200), np.full(len(arrived), int(Lookup.HIT))
    admitted = 0
    for burst in range(bursts):
        first, end = burst * requests, (burst + 1) * requests
        is_open = admitted < limit
        visible_ns = (called[first] if requests else 0) + 200 * MS
        for i in range(first, end):
            if is_open and arrived[i] >= visible_ns:
                continue
            lookup[i] = Lookup.MISS
            admitted += 1
            status[i] = 200 if admitted <= limit else 429
    is_miss = lookup == Lookup.MISS
    origin_ns = np.where(status == 429, 10 * MS, 120 * MS)
    after_ns = np.where(status == 429, 0, 80 * MS)
    missed = np.flatnonzero(is_miss)
    return outcomes_of(
        arrived,
        usage={
            "worker_requests": len(arrived),
            "kv_reads": len(arrived),
            "kv_writes": int(np.count_nonzero(is_miss & (status == 200))),
        },
        latency_ns=np.where(is_miss, 5 * MS + origin_ns + after_ns, 5 * MS),
        status=status,
        lookup=lookup,
        role=np.where(is_miss, int(Role.LEADER), int(Role.NONE)),
        calls=calls_of(
            missed, called[missed], called[missed] + origin_ns[missed], status[missed]
        ),
    )


def a_coalesced_sale(requests: int = 800) -> Outcomes:
    """Return a flash sale in which one leader fetches and the others of it wait."""
    arrived = np.arange(requests) * (400 * MS) // max(requests, 1)
    is_miss = arrived < 209 * MS
    role = np.where(is_miss, int(Role.FOLLOWER), int(Role.NONE))
    role[:1] = Role.LEADER
    return outcomes_of(
        arrived,
        latency_ns=np.where(is_miss, 209 * MS - arrived, 5 * MS),
        lookup=np.where(is_miss, int(Lookup.MISS), int(Lookup.HIT)),
        role=role,
        calls=calls_of([0], [7 * MS], [127 * MS], [200]),
    )


def many_hits(requests: int = 100_000) -> Outcomes:
    """Return a minute of cache hits with one rare failure in every thousand."""
    ids = np.arange(requests)
    arrived = ids * (60 * S) // max(requests, 1)
    return outcomes_of(
        arrived,
        latency_ns=5 * MS + (ids * 7919 % 1_000) * 10_000,
        status=np.where(ids % 1_000 == 999, 503, 200),
        key=ids * 31 % 100,
        keys=tuple(f"product-{k}" for k in range(100)),
    )


def a_result(
    *runs: Outcomes,
    context: Scenario | None = None,
    expect: Sequence[str | dict[str, str]] = (),
    events: float | None = None,
    warnings: tuple[str, ...] = (),
    complete: bool = True,
) -> Result:
    """Return what some runs say together, as `replicate` puts it."""
    prices = PriceList.load("cloudflare-workers-paid-2026-11")
    bills = [Bill.of(run.usage, prices, events=events) for run in runs]
    measured = [
        measure(run, cost_usd=bill.cost_usd, cost_month_usd=bill.cost_month_usd)
        for run, bill in zip(runs, bills, strict=True)
    ]
    known = MetricValues.of(9, measured).estimates()
    expected = [Expectation.model_validate(text) for text in expect]
    return Result(
        scenario=context or a_context(),
        seed=9,
        replications=len(runs),
        estimates=known,
        outcomes=runs[0],
        bill=bills[0],
        expectations=tuple(
            one.verdict(lambda said: known[said.subject.written]) for one in expected
        ),
        warnings=warnings,
        complete=complete,
    )


def a_sweep(sample: str, *, axes: int = 2, replications: int = 1) -> Sweep:
    """Return a small sale over one parameter or two, with one replication each."""
    parameters = [
        Axis.parse("kv.write_latency=20ms,80ms,200ms"),
        Axis.parse("origin.latency=60ms,120ms"),
    ]
    plan = sweep_plan(a_sale(), parameters[:axes], sample, replications=replications)
    return simulate_points(plan)
