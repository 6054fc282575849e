"""Small builders: paths, arrivals and runs, so that a test states only its claim."""

from collections.abc import Sequence
from dataclasses import astuple, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from simcoalesce.distribution import Latency
from simcoalesce.experiment.traced_run import trace_of
from simcoalesce.model.change import NOTHING_ELSE, Agenda
from simcoalesce.model.edge import simulate
from simcoalesce.model.isolate_pool import IsolateRules
from simcoalesce.model.layer import Layer
from simcoalesce.model.trace import SpanTrace
from simcoalesce.outcomes import Outcomes
from simcoalesce.randomness import Stream
from simcoalesce.request import Request, Requests
from simcoalesce.sampler import Sampler

MS = 1_000_000
S = 1_000_000_000

_LAYERS: TypeAdapter[list[Layer]] = TypeAdapter(list[Layer])
_LATENCY: TypeAdapter[Any] = TypeAdapter(Latency)

Codes = int | Sequence[int]


def a_path(*layers: str | dict[str, dict[str, Any]]) -> list[Layer]:
    """Return a path, written as a scenario writes it: names, or {name: parameters}."""
    return _LAYERS.validate_python([_entry(layer) for layer in layers])


def _entry(layer: str | dict[str, dict[str, Any]]) -> dict[str, Any]:
    if isinstance(layer, str):
        return {"kind": layer}
    ((kind, fields),) = layer.items()
    return {"kind": kind, **fields}


def an_origin(latency: Any = "120ms", **fields: Any) -> dict[str, dict[str, Any]]:
    """Return the last entry of a path."""
    return {"origin": {"latency": latency, **fields}}


def a_request(
    id: int = 0,  # noqa: A002 - the field's own word
    *,
    key: int = 0,
    location: int = 0,
    isolate: int = 0,
    at_ns: int = 0,
    attempt: int = 0,
    storable: bool = True,
) -> Request:
    """Return one request."""
    return Request(id, key, location, isolate, at_ns, attempt, storable)


def at_ms(
    *instants: float,
    key: Codes = 0,
    location: Codes = 0,
    isolate: Codes = 0,
    bypass: Sequence[int] = (),
) -> Requests:
    """Return requests that arrive at the given milliseconds, in order of time.

    Those whose numbers are in `bypass` may not be answered from a store.
    """
    requests = at_ns(
        np.rint(np.array(instants) * MS).astype(np.int64),
        key=key,
        location=location,
        isolate=isolate,
    )
    return bypassing(requests, bypass) if bypass else requests


def bypassing(requests: Requests, numbers: Sequence[int]) -> Requests:
    """Return requests of which some, by their numbers, bypass all stores."""
    storable = ~np.isin(np.arange(len(requests)), numbers)
    return replace(requests, storable=storable)


def at_ns(
    instants: NDArray[np.int64],
    *,
    key: Codes = 0,
    location: Codes = 0,
    isolate: Codes = 0,
) -> Requests:
    """Return requests that arrive at the given nanoseconds, in order of time."""
    asked, here, in_isolate = (
        np.broadcast_to(np.array(code, dtype=np.int64), instants.shape)
        for code in (key, location, isolate)
    )
    return Requests(0, instants, asked, here, in_isolate)


def even(requests: int, every_ns: int, *, keys: int = 1, isolates: int = 1) -> Requests:
    """Return evenly spaced requests that take turns at keys and isolates."""
    number = np.arange(requests)
    return at_ns(
        number * every_ns,
        key=(number % keys).tolist(),
        isolate=(number % isolates).tolist(),
    )


def a_burst(
    requests: int, *, within_ns: int, isolates: int = 1, seed: int = 1
) -> Requests:
    """Return uniform arrivals within a chunk, in isolates chosen at random."""
    ids = np.arange(requests)
    instants = Stream(seed, "arrivals").uniforms(ids) * within_ns
    isolate = Stream(seed, "isolates").choices(ids, isolates)
    return at_ns(np.sort(instants.astype(np.int64)), isolate=isolate.tolist())


def poisson(
    requests: int, rate_per_s: float, *, isolates: int = 1, seed: int = 1
) -> Requests:
    """Return the first arrivals of a Poisson process, in isolates chosen at random."""
    ids = np.arange(requests)
    gaps = -np.log1p(-Stream(seed, "gaps").uniforms(ids)) / rate_per_s
    isolate = Stream(seed, "isolates").choices(ids, isolates)
    instants = np.rint(np.cumsum(gaps) * S).astype(np.int64)
    return at_ns(instants, isolate=isolate.tolist())


def a_latency(written: Any, *, seed: int = 1, stream: str = "test") -> Sampler:
    """Return the draws of a latency, written as a scenario writes it."""
    sampler: Sampler = _LATENCY.validate_python(written).sampler(seed, stream)
    return sampler


def some_isolates(
    isolates: int = 1,
    *,
    spill_above: int | None = None,
    cold_start: Any = "0ms",
    idle_after_ns: int | None = None,
    lifetime: Any = None,
    starts_warm: bool = False,
) -> IsolateRules:
    """Return how isolates come and go; latencies as a scenario writes them."""
    return IsolateRules(
        isolates=isolates,
        spill_above=spill_above,
        cold_start=_LATENCY.validate_python(cold_start),
        idle_after_ns=idle_after_ns,
        lifetime=lifetime and _LATENCY.validate_python(lifetime),
        starts_warm=starts_warm,
    )


def simulated(
    path: Sequence[Layer],
    requests: Requests | Sequence[Requests],
    *,
    seed: int = 1,
    locations: int | None = None,
    keys: int | None = None,
    isolates: IsolateRules | None = None,
    uses_fast_path: bool = True,
    agenda: Agenda = NOTHING_ELSE,
    trace: SpanTrace | None = None,
    is_noted: bool = False,
) -> Outcomes:
    """Return the outcomes of requests, sent through a path.

    Keys are called key-0, key-1, ...; locations at-0, at-1, ...
    """
    chunks = [requests] if isinstance(requests, Requests) else requests
    asked = 1 + max(int(s.key.max(initial=0)) for s in chunks)
    places = 1 + max(int(s.location.max(initial=0)) for s in chunks)
    return simulate(
        path,
        chunks,
        seed=seed,
        keys=[f"key-{index}" for index in range(keys or asked)],
        locations=[f"at-{index}" for index in range(locations or places)],
        isolates=isolates,
        uses_fast_path=uses_fast_path,
        agenda=agenda,
        trace=trace,
        is_noted=is_noted,
    )


def traced(
    path: Sequence[Layer],
    requests: Requests,
    row: int,
    *,
    seed: int = 1,
    locations: int | None = None,
    keys: int | None = None,
    isolates: IsolateRules | None = None,
) -> tuple[Outcomes, Outcomes, SpanTrace]:
    """Return a run, the same run with a trace of one of its requests, and that."""

    def ran(trace: SpanTrace | None) -> Outcomes:
        return simulated(
            *(path, requests),
            seed=seed,
            locations=locations,
            keys=keys,
            isolates=isolates,
            trace=trace,
        )

    outcomes = ran(None)
    trace = trace_of(path, outcomes, row)
    return outcomes, ran(trace), trace


def tables(outcomes: Outcomes) -> dict[str, object]:
    """Return all that a run wrote."""
    columns = ("request_rows", "origin_rows")
    rows = {name: astuple(getattr(outcomes, name)) for name in columns}
    texts = {name: [c.tolist() for c in table] for name, table in rows.items()}
    return {**texts, "usage": dict(outcomes.usage), "layers": outcomes.layers}


def latencies_ms(outcomes: Outcomes) -> list[float]:
    """Return how long each request took."""
    return _listed(outcomes.request_rows.latency_ns / MS)


def statuses(outcomes: Outcomes) -> list[int]:
    """Return the status of each request."""
    return _listed(outcomes.request_rows.status)


def lookups(outcomes: Outcomes) -> list[int]:
    """Return what the caches had for each request."""
    return _listed(outcomes.request_rows.lookup)


def roles(outcomes: Outcomes) -> list[int]:
    """Return what each miss did."""
    return _listed(outcomes.request_rows.role)


def calls_ms(outcomes: Outcomes) -> list[float]:
    """Return when the origin was called."""
    return _listed(outcomes.origin_rows.called_at_ns / MS)


def hits(outcomes: Outcomes) -> int:
    """Return how many calls the origin received."""
    return len(outcomes.origin_rows.request)


def _listed(column: NDArray[Any]) -> list[Any]:
    values: list[Any] = column.tolist()
    return values


def standard_errors(samples: Sequence[float], expected: float) -> float:
    """Return how far the mean of independent samples is from what is expected.

    In standard errors of that mean: above 4 is chance once in 16,000 times.
    """
    drawn = np.asarray(samples, dtype=np.float64)
    error = drawn.std(ddof=1) / np.sqrt(len(drawn))
    return float(abs(drawn.mean() - expected) / error)
