"""Overhead: what the machine adds to each step, put into the model's latencies.

A real step costs a round trip between two processes, and its timer wakes late. Both
are measured while the run is under way. The prediction is then made a second time
with a machine that is as slow: what it moves is the machine's part of a difference.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.distribution import Constant, Distribution
from simcoalesce.model.clock import ANSWER, START, Fetch, Steps
from simcoalesce.model.layer import Layer, Site
from simcoalesce.model.layers.durable_object import DurableObject
from simcoalesce.model.layers.kv_read import KvRead
from simcoalesce.model.layers.kv_write import KvWrite
from simcoalesce.model.layers.origin import Origin
from simcoalesce.request import Request
from simcoalesce.sampler import CELLS, HALVINGS


@dataclass(frozen=True, slots=True)
class Overhead:
    """What the machine adds, in model time.

    Attributes:
        round_trip_ns: Median time of a message to another process and back.
        late_ns: Median time by which a wait ends late.
        work_ns: What it has to do for one request, which others wait for.
        jitter_ns: How much longer than the median one in a hundred round trips takes.
    """

    round_trip_ns: int
    late_ns: int
    work_ns: int
    jitter_ns: int = 0


class Slowed(Distribution):
    """A latency with overhead on top: between nothing and twice its median.

    Only a constant is spread; what is spread already is shifted by the median.
    """

    latency: Any
    added_ns: int

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        base: NDArray[np.int64] = self.latency.quantiles_ns()
        if not isinstance(self.latency, Constant):
            return base + self.added_ns
        octave, within = np.divmod(np.arange(HALVINGS * CELLS + 1), CELLS)
        tails = np.ldexp(1.0 + within / CELLS, octave - HALVINGS)
        spread_ns = np.rint(2 * self.added_ns * (1 - tails)).astype(np.int64)
        whole: NDArray[np.int64] = base + spread_ns
        return whole


class Machine(Layer):
    """The way between a visitor and the worker on a real machine.

    Its work for the answers of one instant is done before that for the next begins.
    """

    kind: Literal["machine"] = "machine"
    one_way: Slowed
    work_ns: int

    @override
    def wrap(self, fetch: Fetch, site: Site) -> Fetch:
        clock = site.clock
        there = site.sampler(self.one_way, "there")
        back = site.sampler(self.one_way, "back")
        work_ns, free_at_ns = self.work_ns, 0

        def travel(request: Request) -> Steps:
            yield clock.now_ns + there.draw(request.id), START + request.id
            answer = yield from fetch(request)
            nonlocal free_at_ns
            free_at_ns = max(free_at_ns, clock.now_ns) + work_ns
            # All that one event releases runs before the first answer is written.
            yield clock.now_ns + 1, ANSWER + request.id
            done_at_ns = max(free_at_ns, clock.now_ns)
            yield done_at_ns + back.draw(request.id), ANSWER + request.id
            return answer

        return travel


def slowed(path: tuple[Layer, ...], overhead: Overhead) -> tuple[Layer, ...]:
    """Return a path whose steps take as much longer as the machine makes them."""
    nothing = Constant.model_validate({"value": "0ms"})
    one_way = _slowed(nothing, overhead.round_trip_ns // 2)
    machine = Machine.model_construct(
        kind="machine", one_way=one_way, work_ns=overhead.work_ns
    )
    return (machine, *(_slower(layer, overhead) for layer in path))


def _slower(layer: Layer, overhead: Overhead) -> Layer:
    step_ns = overhead.round_trip_ns + overhead.late_ns
    if isinstance(layer, KvRead):
        return _with_slower(layer, ("read_latency", "cold_read_latency"), step_ns)
    if isinstance(layer, KvWrite):
        return _with_slower(layer, ("write_latency",), step_ns)
    if isinstance(layer, Origin):
        slower = _with_slower(layer, ("latency", "rejects_in"), step_ns)
        own = {key: _slowed(it, step_ns) for key, it in layer.latency_of.items()}
        return slower.model_copy(update={"latency_of": own})
    if isinstance(layer, DurableObject):
        # Objects share the runtime's process: only the timer of a hop costs time.
        waits = not isinstance(layer.hop, Constant) or layer.hop.value_ns > 0
        return _with_slower(layer, ("hop",), overhead.late_ns if waits else 0)
    return layer


def _with_slower(layer: Layer, names: tuple[str, ...], added_ns: int) -> Layer:
    there = {name: getattr(layer, name) for name in names}
    slower = {name: _slowed(it, added_ns) for name, it in there.items() if it}
    return layer.model_copy(update=slower)


def _slowed(latency: Distribution, added_ns: int) -> Slowed:
    return Slowed.model_construct(latency=latency, added_ns=added_ns)
