"""Host latency: what the machine adds to each step, put into the model's latencies.

A real step costs a round trip between two processes, its timer fires late, and the
runtime does one thing at a time. All that is measured while the run is under way. The
prediction is then made a second time with a machine that is as slow: what it moves is
the machine's part of a difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

import numpy as np

from simcoalesce.distribution import Constant, Distribution
from simcoalesce.model.layer import Layer
from simcoalesce.model.layers.durable_object import DurableObject
from simcoalesce.model.layers.kv_read import KvRead
from simcoalesce.model.layers.kv_write import KvWrite
from simcoalesce.model.layers.origin import Origin
from simcoalesce.model.layers.redis_read import RedisRead
from simcoalesce.model.layers.redis_write import RedisWrite
from simcoalesce.model.polling_layer import PollingLayer
from simcoalesce.validation.host_layers import (
    HostMachine,
    HostThread,
    Series,
    Slowed,
    SlowPut,
    ThreadTurn,
)

_Slow = TypeVar("_Slow", bound=Layer)


@dataclass(frozen=True, slots=True)
class HostLatency:
    """What the machine adds, in model time.

    Attributes:
        round_trips: When messages to another process and back left, and what they took.
        timer_lags: When timers fired, and how late.
        request_cpu_ns: CPU time of one request, in which no other is served.
    """

    round_trips: Series
    timer_lags: Series
    request_cpu_ns: int

    @property
    def round_trip_ns(self) -> float:
        """The median of the round trips."""
        return float(median(took_ns for _, took_ns in self.round_trips))

    @property
    def jitter_ns(self) -> float:
        """How much longer than the median one in a hundred round trips takes."""
        took_ns = [took_ns for _, took_ns in self.round_trips]
        return float(np.quantile(took_ns, 0.99)) - self.round_trip_ns

    @property
    def timer_lag_ns(self) -> float:
        """The median of the timer lags."""
        return float(median(late_ns for _, late_ns in self.timer_lags))

    @property
    def step_ns(self) -> float:
        """What a slow step (of a hundred) adds."""
        return self.round_trip_ns + self.timer_lag_ns + self.jitter_ns


def slowed(path: tuple[Layer, ...], host_latency: HostLatency) -> tuple[Layer, ...]:
    """Return a path whose steps take as much longer as the machine makes them.

    It is for one run: its thread remembers until when it is busy.
    """
    thread = HostThread()
    nothing = Constant.model_validate({"value": "0ms"})
    halves = tuple((at_ns, took_ns // 2) for at_ns, took_ns in host_latency.round_trips)
    machine = HostMachine.model_construct(
        kind="machine",
        one_way=_slowed(nothing, (halves,), thread),
        request_cpu_ns=host_latency.request_cpu_ns,
        thread=thread,
    )
    slower = (one for layer in path for one in _slower(layer, host_latency, thread))
    return (machine, *slower)


def _slower(
    layer: Layer, host_latency: HostLatency, thread: HostThread
) -> Iterator[Layer]:
    step = (host_latency.round_trips, host_latency.timer_lags)
    # A pod sleeps before a command, and after its reply.
    command = (*step, host_latency.timer_lags)
    turn = ThreadTurn.model_construct(kind="turn", thread=thread)
    if isinstance(layer, KvRead):
        names = ("read_latency", "cold_read_latency")
        yield _with_slower(layer, names, step, thread)
        yield turn
    elif isinstance(layer, KvWrite):
        put = _with_slower(layer, ("write_latency",), step, thread)
        yield SlowPut.model_construct(kind="slow_put", put=put, thread=thread)
    elif isinstance(layer, Origin):
        yield turn
        own = {key: _slowed(it, step, thread) for key, it in layer.latency_of.items()}
        slower = _with_slower(layer, ("latency", "rejects_in"), step, thread)
        yield slower.model_copy(update={"latency_of": own})
    elif isinstance(layer, (RedisRead, RedisWrite)):
        yield _with_slower(layer, ("latency",), command, thread)
    elif isinstance(layer, PollingLayer):
        polling = _with_slower(layer, ("latency",), command, thread)
        yield _with_slower(polling, ("timer_lag",), step[1:], thread)
    elif isinstance(layer, DurableObject):
        # Objects share the runtime's process: only the timer of a wait costs time.
        waits = [name for name in ("hop", "storage_time") if _takes_time(layer, name)]
        yield _with_slower(layer, waits, step[1:], thread)
    else:
        yield layer


def _takes_time(layer: Layer, name: str) -> bool:
    latency = getattr(layer, name)
    return not isinstance(latency, Constant) or latency.value_ns > 0


def _with_slower(
    layer: _Slow, names: Sequence[str], added: tuple[Series, ...], thread: HostThread
) -> _Slow:
    there = {name: getattr(layer, name) for name in names}
    slower = {name: _slowed(it, added, thread) for name, it in there.items() if it}
    return layer.model_copy(update=slower)


def _slowed(
    latency: Distribution, added: tuple[Series, ...], thread: HostThread
) -> Slowed:
    return Slowed.model_construct(latency=latency, added=added, thread=thread)
