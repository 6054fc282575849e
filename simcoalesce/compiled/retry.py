"""retry, as `model.layers.retry` has it."""

import numpy as np

from simcoalesce.compiled import layout, retry_budget
from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import at, frame, wake_at
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.retry import Retry

MOST, BACKOFF, CAP, JITTER, STREAM_KEY, HONOURS, IS_CLIENT = range(3, 10)
WORTH = 14
"""From here on a bit for each status from 400 on, 50 to a word."""
NONE, FULL, EQUAL, DECORRELATED = range(4)

_RETRIED = layout.LABELS
_OWN, _FIRST, _DONE, _MADE, _WAITED = range(5)


@inner
def step(m: Numbers, task: int, level: int, entry: int) -> int:
    """Ask again after a failure, later and later, if the budget allows."""
    mine = frame(task, level)
    own = at(level)
    if entry == layout.DOWN:
        retry_budget.earn(m, level)
        m[mine + _OWN] = m[task + layout.ATTEMPT]
        m[mine + _FIRST] = m[task + layout.ATTEMPT] * m[own + MOST]
        m[mine + _DONE], m[mine + _MADE] = 0, 0
        m[mine + _WAITED] = m[own + BACKOFF]
        m[task + layout.ATTEMPT] = m[mine + _FIRST]
        return layout.GO_DOWN
    if entry == layout.UP:
        return _came_back(m, task, level)
    m[layout.USAGE + layout.WORKER_REQUESTS] += m[own + IS_CLIENT]
    m[task + layout.ATTEMPT] = m[mine + _FIRST] + m[mine + _DONE]
    return layout.GO_DOWN


@inner
def _came_back(m: Numbers, task: int, level: int) -> int:
    mine = frame(task, level)
    own = at(level)
    m[task + layout.ATTEMPT] = m[mine + _OWN]
    m[mine + _MADE] += m[task + layout.ATTEMPTS]
    m[mine + _DONE] += 1
    done = m[mine + _DONE]
    is_last = done >= m[own + MOST] or not _is_worth_it(m, task, level)
    if is_last or not retry_budget.pays(m, level):
        m[task + layout.ATTEMPTS] = m[mine + _MADE]
        return layout.GO_UP
    wait = _wait(m, task, level, done)
    m[mine + _WAITED] = wait
    least = m[task + layout.RETRY_AFTER] if m[own + HONOURS] else 0
    wake_at(m, task, level, _RETRIED, m[layout.NOW] + max(wait, least), layout.START)
    return layout.WAIT


@inner
def _is_worth_it(m: Numbers, task: int, level: int) -> bool:
    status = m[task + layout.STATUS]
    if status < 400 or status > 599:
        return False
    word = m[at(level) + WORTH + (status - 400) // 50]
    return bool(word >> ((status - 400) % 50) & 1)


@inner
def _wait(m: Numbers, task: int, level: int, retry: int) -> int:
    """Return the wait before the n-th retry, in nanoseconds."""
    mine = frame(task, level)
    own = at(level)
    key = np.uint64(m[own + STREAM_KEY])
    draw = uniform(key, m[task + layout.ID], m[mine + _FIRST] + retry)
    backoff, cap = m[own + BACKOFF], m[own + CAP]
    if m[own + JITTER] == DECORRELATED:
        spread = max(3 * m[mine + _WAITED] - backoff, 0)
        return min(cap, backoff + int(draw * spread))
    wait = min(cap, backoff)
    for _ in range(min(retry - 1, 60)):
        if wait == 0 or wait >= cap:
            break
        wait = min(cap, 2 * wait)
    if m[own + JITTER] == FULL:
        return int(draw * wait)
    if m[own + JITTER] == EQUAL:
        return wait // 2 + int(draw * (wait - wait // 2))
    return wait


def encode(
    layer: Retry, context: LayerContext, level: int, parameters: Parameters
) -> None:
    """Write the layer's parameters."""
    row = parameters.levels[level]
    row[MOST], row[BACKOFF], row[CAP] = layer.attempts, layer.backoff_ns, layer.cap_ns
    row[JITTER] = ("none", "full", "equal", "decorrelated").index(layer.jitter)
    row[STREAM_KEY] = parameters.key_of(context.stream("jitter"))
    row[HONOURS], row[IS_CLIENT] = layer.honours_retry_after, context.is_client
    for status in layer.on:
        row[WORTH + (status - 400) // 50] |= 1 << (status - 400) % 50
    retry_budget.encode(layer, level, parameters)
