"""refresh_timer, as `model.layers.refresh_timer` has it."""

from itertools import chain

from simcoalesce.compiled import layout
from simcoalesce.compiled.event_queue import push
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import at, new_task
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.refresh_timer import RefreshTimer

EVERY, SPACING, ENDS_AT, PAIRS, COUNT, BEGAN_AT, NUMBER, DONE = range(3, 11)

_OUTSIDE = 1 << 29
"""Added to the number of a location: the isolate of a timer there, and no other's."""


@inner
def step(m: Numbers, task: int, level: int, entry: int) -> int:  # noqa: ARG001 - as all of them
    """Let requests pass as if nothing were there."""
    return layout.GO_DOWN if entry == layout.DOWN else layout.GO_UP


@inner
def go_on(m: Numbers, level: int) -> None:
    """Begin a round, or go on with one after the time between two of its keys."""
    m[layout.ROUND_OF] = level


@inner
def next_fetch(m: Numbers, level: int) -> int:
    """Return the task of the next fetch of a round; NOBODY after the last."""
    own = at(level)
    if m[own + DONE] == m[own + COUNT]:
        _end_round(m, level)
        return layout.NOBODY
    pair = m[own + PAIRS] + 2 * m[own + DONE]
    m[own + DONE] += 1
    m[own + NUMBER] -= 1
    task = new_task(m, layout.NOBODY, level + 1, layout.TO_NOBODY, 0)
    m[task + layout.ID] = m[own + NUMBER]
    m[task + layout.KEY] = m[pair]
    m[task + layout.LOCATION] = m[pair + 1]
    m[task + layout.ISOLATE] = _OUTSIDE + m[pair + 1]
    m[task + layout.ATTEMPT] = 0
    return task


@inner
def has_fetched(m: Numbers, level: int) -> None:
    """Wait before the next fetch of a round, if there is time between them."""
    own = at(level)
    if m[own + SPACING]:
        m[layout.ROUND_OF] = layout.NOBODY
        _wake(m, level, m[layout.NOW] + m[own + SPACING])


@inner
def _end_round(m: Numbers, level: int) -> None:
    own = at(level)
    m[layout.ROUND_OF] = layout.NOBODY
    m[own + DONE] = 0
    m[own + BEGAN_AT] = max(m[own + BEGAN_AT] + m[own + EVERY], m[layout.NOW])
    if m[own + BEGAN_AT] < m[own + ENDS_AT]:
        m[own + NUMBER] -= 1
        _wake(m, level, m[own + BEGAN_AT])


@inner
def _wake(m: Numbers, level: int, instant: int) -> None:
    order = layout.START + m[at(level) + NUMBER]
    push(m, layout.TIMERS, instant, order, level << 2 | layout.ROUND)


def encode(
    layer: RefreshTimer, context: LayerContext, level: int, parameters: Parameters
) -> None:
    """Write the layer's parameters, and when its first round begins."""
    row, pairs = parameters.levels[level], layer.concerned(context)
    row[EVERY], row[SPACING] = layer.every_ns, layer.spacing_ns
    row[ENDS_AT], row[BEGAN_AT] = context.ends_at_ns, layer.first_at_ns
    row[PAIRS], row[COUNT] = parameters.write(list(chain(*pairs))), len(pairs)
    row[NUMBER] = -1
    if layer.first_at_ns < context.ends_at_ns:
        order, payload = layout.START - 1, level << 2 | layout.ROUND
        parameters.begin_with(layer.first_at_ns, order, payload)
