"""Measure: run a scenario on a real thing, and write the model's three tables."""

import asyncio
import resource
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final, cast

import numpy as np

from simcoalesce.model import edge
from simcoalesce.model.clock import Clock
from simcoalesce.model.contexts import contexts
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.origin import Origin
from simcoalesce.model.recorder import Recorder
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.clients import (
    ClientRequest,
    Clients,
    probe,
    request_s,
    round_trips,
)
from simcoalesce.validation.hang_ups import behind_clients, hang_ups
from simcoalesce.validation.host_latency import HostLatency
from simcoalesce.validation.host_layers import Series
from simcoalesce.validation.http import serving
from simcoalesce.validation.mock_origin import MockOrigin
from simcoalesce.validation.model_time import ModelTime
from simcoalesce.validation.rows import Names, measured_outcomes
from simcoalesce.validation.target import (
    CannotValidate,
    RunningTarget,
    Target,
    TestbedContext,
    check_scenario,
)
from simcoalesce.validation.timer_lag import TimerLag

MOST_REQUESTS: Final = 5_000
LONGEST_S: Final = 60.0
_HEAD_START_S: Final = 1.3
_AT_ONCE: Final = 200
"""Requests for nothing that measure what the machine has to do for each."""
_OPEN_FILES: Final = 16_384


@dataclass(frozen=True)
class MeasuredRun:
    """One run on a real thing.

    Attributes:
        outcomes: The three tables, in model time.
        sent: The requests as they were really sent, for the prediction.
        path: The scenario's, as the run had it, for the prediction.
        scale: Real seconds in a second of model time.
        host_latency: What the machine added to each step, measured during the run.
    """

    outcomes: Outcomes
    sent: Requests
    path: tuple[Layer, ...]
    scale: float
    host_latency: HostLatency


def measure_run(scenario: Scenario, target: Target, *, scale: float) -> MeasuredRun:
    """Run a scenario on loopback, at a time scale; nothing is left running.

    Raises:
        CannotValidate: If the target cannot run it, or not within the bounds.
    """
    check_scenario(target, scenario, scale)
    traffic = scenario.traffic.generate(
        seed=scenario.seed, duration_ns=scenario.duration_ns
    )
    requests = Requests.joined([*traffic.chunks])
    _check_bounds(requests, scale)
    if requests.storable is not None and not target.takes_posts:
        raise CannotValidate(
            f"{scenario.label}: {target.kind} cannot run it: a POST takes out of its"
            " store what a GET has stored, or its code takes it for a GET; leave bypass"
            " out, and methods but GET and HEAD of a log"
        )
    _allow_open_files()
    names = Names(tuple(traffic.keys), traffic.locations, target.layers)
    return asyncio.run(_measured(scenario, target, requests, names, scale))


def _check_bounds(requests: Requests, scale: float) -> None:
    if not len(requests):
        raise CannotValidate("the scenario has no request")
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


async def _measured(
    scenario: Scenario, target: Target, requests: Requests, names: Names, scale: float
) -> MeasuredRun:
    time, timer_lag = ModelTime(scale), TimerLag()
    contexts = _contexts(scenario, names)
    last = cast("Origin", scenario.path[-1])
    headers = target.answer_headers(behind_clients(scenario.path)[0])
    origin = MockOrigin(last, contexts[-1], time, timer_lag, headers=headers)
    async with serving(origin.handle) as port:
        context = TestbedContext(scenario, requests, contexts, time, timer_lag, port)
        async with target.started(context) as running:
            leaving = hang_ups(scenario.path, contexts, requests)
            ports = [running.ports[index] for index in running.port_of_request]
            clients = Clients(
                requests, names.keys, ports=ports, time=time, hang_ups=leaving
            )
            answered, trips, request_s = await _sent(running, clients, time)
    sent, calls = _as_sent(requests, answered), origin.rows()
    traces = target.traces(scenario, answered, set(calls.request.tolist()))
    usage = {**running.usage(answered), "response_bytes": origin.response_bytes}
    outcomes = measured_outcomes(
        sent, answered, traces, calls=calls, usage=usage, names=names
    )
    host_latency = HostLatency(
        round_trips=while_busy(trips, answered),
        timer_lags=timer_lag.series,
        request_cpu_ns=time.model_ns(request_s * NS_PER_S),
    )
    path = target.as_run(scenario.path, scale, time.clock_offset_ns)
    return MeasuredRun(outcomes, sent, path, scale, host_latency)


def _contexts(scenario: Scenario, names: Names) -> list[LayerContext]:
    first = edge.entrance(
        Clock(),
        Recorder(),
        seed=scenario.seed,
        keys=names.keys,
        locations=names.locations,
    )
    return contexts(scenario.path, first)


async def _sent(
    running: RunningTarget, clients: Clients, time: ModelTime
) -> tuple[list[ClientRequest], Series, float]:
    """Send all requests.

    Returns:
        What became of each; when round trips meanwhile began, and what each took; the
        real seconds that the machine needs for a request.
    """
    first = running.ports[0]
    before_s = await _warm_request_s(running.ports)
    time.begin(_HEAD_START_S, running.clock_offset_ns)
    probing = asyncio.create_task(round_trips(first, time))
    changing = asyncio.create_task(running.changes()) if running.changes else None
    answered = await clients.send()
    probing.cancel()
    if changing is not None:
        await changing
    trips = await probing
    after_s = await request_s(first, _AT_ONCE)
    return answered, trips, (before_s + after_s) / 2


def while_busy(trips: Series, answered: Sequence[ClientRequest]) -> Series:
    """Return the round trips that began while a client waited; all if none did.

    Where clients come in bursts, the time between would make the machine too fast.
    """
    began_ns = np.array([at_ns for at_ns, _ in trips])
    sent_ns = np.sort([one.sent_at_ns for one in answered])
    done_ns = np.sort([one.completed_at_ns for one in answered])
    waiting = np.searchsorted(sent_ns, began_ns) - np.searchsorted(done_ns, began_ns)
    return tuple(compress(trips, waiting)) or trips


async def _warm_request_s(ports: Sequence[int]) -> float:
    """Return the real seconds of a request, once every isolate has run its code.

    A cold isolate would compile it first: a deployed one has long done so.
    """
    for port in ports:
        await probe(port)
    await request_s(ports[0], _AT_ONCE)
    return await request_s(ports[0], _AT_ONCE)


def _as_sent(requests: Requests, answered: Sequence[ClientRequest]) -> Requests:
    return Requests(
        requests.first_id,
        np.array([one.sent_at_ns for one in answered], dtype=np.int64),
        requests.key,
        requests.location,
        requests.isolate,
        requests.page,
        requests.storable,
    )
