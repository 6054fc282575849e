"""Observe: run a scenario on the real runtime, and write the model's three tables."""

import asyncio
import resource
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final, cast

import numpy as np

from simcoalesce.model.clock import Clock
from simcoalesce.model.edge import entrance, sites
from simcoalesce.model.layers.origin import Origin
from simcoalesce.model.recorder import Recorder
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.http import serving
from simcoalesce.validation.kv_store import KvStore
from simcoalesce.validation.lateness import Lateness
from simcoalesce.validation.mock_origin import MockOrigin
from simcoalesce.validation.model_time import ModelTime
from simcoalesce.validation.overhead import Overhead
from simcoalesce.validation.program import (
    CannotValidate,
    has_memory_in_isolates,
    keeps_idle_objects,
    object_of,
    program,
)
from simcoalesce.validation.rows import outcomes_of
from simcoalesce.validation.visitors import (
    Visit,
    Visitors,
    ask_for_nothing,
    round_trips_s,
    work_s,
)
from simcoalesce.validation.workerd import Installation, Setup, running

MOST_REQUESTS: Final = 5_000
LONGEST_S: Final = 60.0
_MOST_ISOLATES: Final = 500
_HEAD_START_S: Final = 1.3
_AT_ONCE: Final = 200
"""Requests for nothing that measure what the machine has to do for each."""
_OPEN_FILES: Final = 16_384


@dataclass(frozen=True)
class Observation:
    """One run on the real runtime.

    Attributes:
        outcomes: The three tables, in model time.
        sent: The requests as they were really sent, for the prediction.
        scale: Real seconds in a second of model time.
        overhead: What the machine added to each step, measured during the run.
    """

    outcomes: Outcomes
    sent: Requests
    scale: float
    overhead: Overhead


@dataclass(frozen=True)
class _Edge:
    """What is running."""

    ports: list[int]
    origin: MockOrigin
    store: KvStore
    lateness: Lateness


def observe(
    scenario: Scenario, installed: Installation, *, scale: float
) -> Observation:
    """Run a scenario on workerd, on loopback; nothing is left running.

    Args:
        scenario: What to run.
        installed: The runtime and the worker.
        scale: Real seconds in a second of model time.

    Raises:
        CannotValidate: If the testbed cannot run it, or not within its bounds.
    """
    steps = program(scenario, scale)
    crowd = scenario.traffic.generate(
        seed=scenario.seed, duration_ns=scenario.duration_ns
    )
    requests = Requests.joined([*crowd.stretches])
    _check_bounds(requests, scale)
    _allow_open_files()
    names = (tuple(crowd.keys), crowd.locations)
    return asyncio.run(_observed(scenario, installed, requests, names, scale, steps))


def _check_bounds(requests: Requests, scale: float) -> None:
    if not len(requests):
        raise CannotValidate("nobody comes: the scenario has no request")
    if len(requests) > MOST_REQUESTS:
        raise CannotValidate(
            f"{len(requests):,} requests; the testbed takes at most {MOST_REQUESTS:,}:"
            " shorten it, e.g. -s duration=1s"
        )
    lasts_s = float(requests.arrived_at_ns[-1]) * scale / NS_PER_S
    if lasts_s > LONGEST_S:
        remedy = ", or take a smaller --time-scale" if scale > 1 else ""
        raise CannotValidate(
            f"the last request would be sent after {lasts_s:.0f} s, the testbed runs at"
            f" most {LONGEST_S:.0f} s: shorten it, e.g. -s duration=1s{remedy}"
        )


def _allow_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _observed(
    scenario: Scenario,
    installed: Installation,
    requests: Requests,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    scale: float,
    steps: list[dict[str, Any]],
) -> Observation:
    time = ModelTime(scale)
    numbers, locations = _isolates(scenario, requests)
    async with _edge(scenario, installed, names, time, locations, steps) as edge:
        busy_s = await _work_s(edge.ports)
        time.begin(_HEAD_START_S)
        probe = asyncio.create_task(round_trips_s(edge.ports[0]))
        ports = [edge.ports[number] for number in numbers]
        visits = await Visitors(requests, names[0], ports=ports, time=time).come()
        probe.cancel()
        took_s = await probe
        busy_s = (busy_s + await work_s(edge.ports[0], _AT_ONCE)) / 2
    sent = _as_sent(requests, visits)
    outcomes = outcomes_of(
        sent,
        visits,
        calls=edge.origin.rows(),
        usage={**edge.store.usage, "response_bytes": edge.origin.response_bytes},
        keys=names[0],
        locations=names[1],
    )
    overhead = Overhead(
        round_trip_ns=time.model_ns(median(took_s) * NS_PER_S),
        late_ns=round(edge.lateness.median_ns),
        work_ns=time.model_ns(busy_s * NS_PER_S),
    )
    return Observation(outcomes, sent, scale, overhead)


def _isolates(scenario: Scenario, requests: Requests) -> tuple[list[int], list[int]]:
    """Return for each request the isolate that serves it, and each one's location.

    If isolates have no memory, one for each location is as good as many.
    """
    has_memory = has_memory_in_isolates(scenario.path)
    wanted = requests.isolate if has_memory else requests.location
    used, numbers = np.unique(wanted, return_inverse=True)
    if len(used) > _MOST_ISOLATES:
        raise CannotValidate(
            f"{len(used)} isolates; the testbed starts at most {_MOST_ISOLATES}:"
            f" -s traffic.isolates={_MOST_ISOLATES}"
        )
    per_location = scenario.traffic.isolates if has_memory else 1
    return numbers.tolist(), (used // per_location).tolist()


@asynccontextmanager
async def _edge(
    scenario: Scenario,
    installed: Installation,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    time: ModelTime,
    isolate_locations: Sequence[int],
    steps: list[dict[str, Any]],
) -> AsyncIterator[_Edge]:
    first = entrance(
        Clock(), Recorder(), seed=scenario.seed, keys=names[0], locations=names[1]
    )
    at = sites(scenario.path, first)
    lateness = Lateness()
    origin = MockOrigin(cast("Origin", scenario.path[-1]), at[-1], time, lateness)
    store = KvStore(scenario.path, at, time, lateness)
    async with serving(origin.handle) as origin_port, serving(store.handle) as kv_port:
        setup = Setup(
            steps=steps,
            isolate_locations=isolate_locations,
            origin_port=origin_port,
            kv_port=kv_port,
            has_object=object_of(scenario.path) is not None,
            keeps_idle_objects=keeps_idle_objects(scenario.path, time.scale),
        )
        async with running(installed, setup) as ports:
            yield _Edge(ports, origin, store, lateness)


async def _work_s(ports: Sequence[int]) -> float:
    """Return the work of a request, once every isolate has run its code.

    A cold isolate would compile it first: a deployed one has long done so.
    """
    for port in ports:
        await ask_for_nothing(port)
    await work_s(ports[0], _AT_ONCE)
    return await work_s(ports[0], _AT_ONCE)


def _as_sent(requests: Requests, visits: Sequence[Visit]) -> Requests:
    return Requests(
        requests.first_id,
        np.array([visit.sent_at_ns for visit in visits], dtype=np.int64),
        requests.key,
        requests.location,
        requests.isolate,
    )
