"""kv.write, as `model.layers.kv_write` has it."""

from simcoalesce.compiled.active_time import stay_active
from simcoalesce.compiled.instances import location_of
from simcoalesce.compiled.kernel import Word, inner
from simcoalesce.compiled.kv import KeyView, add_put, view_elsewhere, view_of
from simcoalesce.compiled.lifetime import jittered, lifetime
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import (
    DOWN,
    GO_DOWN,
    GO_UP,
    LABELS,
    UP,
    Frame,
    Level,
    SamplerRecord,
    State,
    Task,
)
from simcoalesce.compiled.tasks import draw, wake_at
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.kv_write import KvWrite
from simcoalesce.units import NS_PER_S

_WRITTEN = LABELS


class KvWriteLevel(Level):
    """What the layer is told."""

    write_latency: SamplerRecord
    propagation: SamplerRecord
    ttl_ns: int
    ttl_jitter_ratio: float
    jitter: Word
    """The key of the draws of it."""
    error_ttl: int
    interval: int
    """How long a key takes no further put, or nobody: it takes all."""
    is_awaited: bool
    fails_if_refused: bool


class KvWriteFrame(Frame):
    """What it keeps of a task."""

    asked_at: int
    is_taken: bool


@inner
def step(
    m: State, task: Task, own: KvWriteLevel, mine: KvWriteFrame, entry: int
) -> int:
    """Put what comes back into the namespace."""
    if entry == DOWN:
        mine.asked_at = m.now
        return GO_DOWN
    if entry == UP:
        stays = lifetime(m, task, own.ttl_ns, own.error_ttl)
        if not stays:
            return GO_UP
        ends = m.now + draw(m, own.write_latency, task)
        mine.is_taken = _put(m, task, own, mine, stays, ends)
        m.usage.kv_writes += mine.is_taken
        m.usage.kv_writes_refused += not mine.is_taken
        if own.is_awaited:
            return wake_at(m, task, own, _WRITTEN, ends, clock.COMPLETE)
        stay_active(m, task, own, ends)
    elif own.fails_if_refused and not mine.is_taken:
        answer = task.answer
        answer.status, answer.served_by, answer.generated = 500, own.served_by, m.now
    return GO_UP


@inner
def _put(
    m: State, task: Task, own: KvWriteLevel, mine: KvWriteFrame, stays: int, here: int
) -> bool:
    """Put an answer, which is visible here at an instant; say whether KV takes it."""
    if own.interval != NOBODY:
        turn = m.kv.next_put + task.key
        if m.now < m[turn]:
            return False
        m[turn] = m.now + own.interval
    kv, view = m.kv, view_of(m, task.key, location_of(m, task, own))
    kv.puts += 1
    stays = jittered(task, stays, own.ttl_jitter_ratio, own.jitter)
    put, answer = add_put(m, view, here), task.answer
    entry = put.entry
    entry.status, entry.generated = answer.status, answer.generated
    entry.version, entry.retry_after = answer.version, answer.retry_after
    entry.max_age, entry.stored_at = answer.max_age, answer.stored_at
    entry.put_at, entry.expires = m.now, m.now + stays
    entry.took, entry.order = m.now - mine.asked_at, kv.puts
    if m.locations > 1:
        there = here + draw(m, own.propagation, task)
        its = add_put(m, view_elsewhere(m, task.key), there)
        its.entry = entry
    return True


def fill(
    own: KvWriteLevel, layer: KvWrite, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    latency = context.sampler(layer.write_latency, "latency")
    propagation = context.sampler(layer.propagation, "propagation")
    own.write_latency = parameters.sampler(latency)
    own.propagation = parameters.sampler(propagation)
    own.jitter = parameters.key_of(context.stream("ttl_jitter"))
    own.error_ttl = parameters.error_ttl(layer.error_ttl)
    per_s = layer.writes_per_key_per_s
    own.interval = NOBODY if per_s is None else round(NS_PER_S / per_s)
    own.is_awaited = layer.acknowledge == "await"
    _hold(layer, context, parameters)


def _hold(layer: KvWrite, context: LayerContext, parameters: Parameters) -> None:
    """Let what KV holds at the start be visible everywhere."""
    state, kv = parameters.state, parameters.state.kv
    views = parameters.written(KeyView, kv.views)
    for key, answer, expires_at_ns in layer.held(context):
        # Where there is one location, nobody looks at what the others see.
        is_alone = state.locations == 1
        view = view_of(state, key, 0) if is_alone else view_elsewhere(state, key)
        entry = KeyView(views, view.at).entry
        kv.puts += 1
        entry.status, entry.generated = answer.status, answer.generated_at_ns
        entry.max_age, entry.stored_at = answer.max_age_ns, answer.stored_at_ns
        entry.put_at, entry.expires = answer.generated_at_ns, expires_at_ns
        entry.order = kv.puts
