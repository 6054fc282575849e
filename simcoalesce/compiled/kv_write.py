"""kv.write, as `model.layers.kv_write` has it."""

import numpy as np

from simcoalesce.compiled import kv, layout
from simcoalesce.compiled.active_time import stay_active
from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.lifetime import lifetime
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import at, draw, frame, location_of, real, wake_at
from simcoalesce.model.answer import Answer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.kv_write import KvWrite
from simcoalesce.units import NS_PER_S

LATENCY, TTL, PROPAGATION, INTERVAL, WAITS, FAILS = range(3, 9)
HAS_JITTER, JITTER, JITTER_KEY, ERROR_TTL = range(9, 13)

_WRITTEN = layout.LABELS
_ASKED_AT, _IS_TAKEN = 0, 1


@inner
def step(m: Numbers, task: int, level: int, entry: int) -> int:
    """Put what comes back into the namespace."""
    mine = frame(task, level)
    own = at(level)
    if entry == layout.DOWN:
        m[mine + _ASKED_AT] = m[layout.NOW]
        return layout.GO_DOWN
    if entry == layout.UP:
        stays = lifetime(m, task, m[own + TTL], m[own + ERROR_TTL])
        if not stays:
            return layout.GO_UP
        takes = draw(m, m[own + LATENCY], m[task + layout.ID], m[task + layout.ATTEMPT])
        is_taken = _put(m, task, level, takes)
        m[mine + _IS_TAKEN] = is_taken
        m[
            layout.USAGE + (layout.KV_WRITES if is_taken else layout.KV_WRITES_REFUSED)
        ] += 1
        if not m[own + WAITS]:
            stay_active(m, task, level, m[layout.NOW] + takes)
            return layout.GO_UP
        wake_at(m, task, level, _WRITTEN, m[layout.NOW] + takes, layout.COMPLETE)
        return layout.WAIT
    if m[own + FAILS] and not m[mine + _IS_TAKEN]:
        m[task + layout.STATUS] = 500
        m[task + layout.SERVED_BY] = m[own + layout.CODE]
        m[task + layout.GENERATED] = m[layout.NOW]
    return layout.GO_UP


@inner
def _put(m: Numbers, task: int, level: int, takes: int) -> bool:
    own = at(level)
    now, key = m[layout.NOW], m[task + layout.KEY]
    if m[own + INTERVAL] >= 0:
        turn = m[layout.NEXT_PUT] + key
        if now < m[turn]:
            return False
        m[turn] = now + m[own + INTERVAL]
    m[layout.PUTS] += 1
    here = now + takes
    view = kv.view_of(m, key, location_of(m, task, level))
    _fill(m, task, level, kv.add_put(m, view, here, now))
    if m[layout.LOCATIONS] > 1:
        spread = draw(
            m, m[own + PROPAGATION], m[task + layout.ID], m[task + layout.ATTEMPT]
        )
        view = kv.view_elsewhere(m, key)
        _fill(m, task, level, kv.add_put(m, view, here + spread, now))
    return True


@inner
def _fill(m: Numbers, task: int, level: int, entry: int) -> None:
    """Write down what is put."""
    m[entry + kv.STATUS] = m[task + layout.STATUS]
    m[entry + kv.GENERATED] = m[task + layout.GENERATED]
    m[entry + kv.VERSION] = m[task + layout.VERSION]
    m[entry + kv.RETRY_AFTER] = m[task + layout.RETRY_AFTER]
    m[entry + kv.PUT_AT] = m[layout.NOW]
    m[entry + kv.EXPIRES] = m[layout.NOW] + _lifetime(m, task, level)
    m[entry + kv.TOOK] = m[layout.NOW] - m[frame(task, level) + _ASKED_AT]
    m[entry + kv.ORDER] = m[layout.PUTS]


@inner
def _lifetime(m: Numbers, task: int, level: int) -> int:
    own = at(level)
    stays = lifetime(m, task, m[own + TTL], m[own + ERROR_TTL])
    if not m[own + HAS_JITTER]:
        return int(stays)
    key = np.uint64(m[own + JITTER_KEY])
    swing = 2 * uniform(key, m[task + layout.ID], m[task + layout.ATTEMPT]) - 1
    return int(np.rint(stays * (1 + real(m, own + JITTER) * swing)))


def encode(
    layer: KvWrite, context: LayerContext, level: int, parameters: Parameters
) -> None:
    """Write the layer's parameters."""
    row, per_s = parameters.levels[level], layer.writes_per_key_per_s
    row[layout.CODE] = parameters.code_of(layer.served_by)
    row[LATENCY] = parameters.sampler(context.sampler(layer.write_latency, "latency"))
    row[TTL] = layer.ttl_ns
    row[ERROR_TTL] = parameters.error_ttl(layer.error_ttl)
    row[PROPAGATION] = parameters.sampler(
        context.sampler(layer.propagation, "propagation")
    )
    row[INTERVAL] = -1 if per_s is None else round(NS_PER_S / per_s)
    row[WAITS] = layer.acknowledge == "await"
    row[FAILS] = layer.fails_if_refused
    row[HAS_JITTER] = layer.ttl_jitter_ratio > 0
    parameters.real(level, JITTER, layer.ttl_jitter_ratio)
    row[JITTER_KEY] = parameters.key_of(context.stream("ttl_jitter"))
    for key, answer, expires_at_ns in layer.held(context):
        _hold(parameters, context, (key, answer, expires_at_ns))


def _hold(
    parameters: Parameters, context: LayerContext, held: tuple[int, Answer, int]
) -> None:
    """Let what KV holds at the start be visible everywhere."""
    key, answer, expires_at_ns = held
    parameters.head[layout.PUTS] += 1
    entry = np.zeros(kv.ENTRY_WIDTH, dtype=np.int64)
    entry[kv.STATUS], entry[kv.GENERATED] = answer.status, answer.generated_at_ns
    entry[kv.PUT_AT], entry[kv.EXPIRES] = answer.generated_at_ns, expires_at_ns
    entry[kv.ORDER] = parameters.head[layout.PUTS]
    # Where there is one location, nobody looks at what the others see.
    keys, locations = len(context.keys), len(context.locations)
    view = key if locations == 1 else keys * locations + key
    parameters.views[view, kv.ENTRY :] = entry
