"""cache_api, as `model.layers.cache_api` has it."""

from typing import Final

from simcoalesce.compiled.active_time import stay_active
from simcoalesce.compiled.detached import (
    DetachedFrame,
    come,
    inside,
    is_inside,
    leave,
)
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.location_cache import (
    HIT,
    CachedAnswer,
    CacheLevel,
    cached_at,
    fill_cache,
    is_fresh,
    keep,
    said_lifetime,
    serve,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import (
    END,
    GO_DOWN,
    GO_UP,
    SamplerRecord,
    State,
    Task,
)
from simcoalesce.compiled.switch import GO_ON
from simcoalesce.compiled.tasks import (
    draw,
    frame,
    handovers,
    level_of,
    run_first,
    sleep,
    sleep_for,
    wait,
    wake_at_once,
)
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.cache_api import CacheApi


class CacheApiLevel(CacheLevel):
    """What the layer is told."""

    read_latency: SamplerRecord
    write_latency: SamplerRecord
    is_awaited: bool


class CacheApiFrame(DetachedFrame):
    """What it keeps of a task."""

    asked_at: int


@inner
def step(m: State, task: Task, own: CacheApiLevel, mine: CacheApiFrame) -> Steps:
    """Match; after a miss, put what comes back."""
    come(m, mine)
    cached = cached_at(m, task, own, CachedAnswer.width)
    if is_inside(task, own, _PUTS):
        yield _store(m, task, own)
        keep(m, task, own, cached, mine.asked_at, m.now)
        return END
    yield sleep_for(m, task, own, draw(m, own.read_latency, task), clock.START)
    if is_fresh(m, cached):
        serve(task, own, cached, HIT)
        return GO_UP
    mine.asked_at = m.now
    yield GO_DOWN
    if said_lifetime(m, task.answer, own.ttl_ns, own.error_ttl) > 0:
        yield _put(m, task, own, mine)
        yield wait(task, own) if own.is_awaited else GO_ON
    return GO_UP


@inner
def close(m: State, own: CacheApiLevel, mine: CacheApiFrame) -> bool:
    """Let a put go on whose request is gone."""
    return leave(m, own, mine)


@inner
def _put(m: State, task: Task, own: CacheApiLevel, mine: CacheApiFrame) -> int:
    """Begin a put; who awaits it goes on at its end."""
    put = inside(m, task, own, _PUTS, task.at if own.is_awaited else NOBODY)
    put.answer = task.answer
    its = CacheApiFrame(m, frame(put, own).at)
    its.asked_at = mine.asked_at
    if own.is_awaited:
        mine.behind = put
    return run_first(m, task, own, put)


@inner
def _store(m: State, task: Task, own: CacheApiLevel) -> int:
    """Let a put take its time."""
    ends = m.now + draw(m, own.write_latency, task)
    if task.to == NOBODY:
        stay_active(m, task, own, ends)
    return sleep(m, task, own, ends, clock.COMPLETE)


@inner
def _end_put(m: State, task: Task) -> None:
    """End a put: who awaits it goes on at once."""
    if task.to != NOBODY:
        waits = Task(m, task.to)
        its = CacheApiFrame(m, frame(waits, level_of(m, task.base)).at)
        its.behind = Task(m, NOBODY)
        wake_at_once(m, waits)


_PUTS: Final = handovers.add(_end_put)


def fill(
    own: CacheApiLevel, layer: CacheApi, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_cache(own, layer, context, parameters)
    reads = context.sampler(layer.read_latency, "read_latency")
    writes = context.sampler(layer.write_latency, "write_latency")
    own.read_latency = parameters.sampler(reads)
    own.write_latency = parameters.sampler(writes)
    own.is_awaited = layer.acknowledge == "await"
