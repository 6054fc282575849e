"""refresh_timer, as `model.layers.refresh_timer` has it."""

from itertools import chain
from typing import Final

from simcoalesce.compiled.event_queue import TIMERS, entry_of, events, push
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Record
from simcoalesce.compiled.state import DOWN, GO_DOWN, GO_UP, Level, State, Task
from simcoalesce.compiled.tasks import TO_NOBODY, new_task
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.refresh_timer import RefreshTimer

_OUTSIDE: Final = 1 << 29
"""Added to the number of a location: the isolate of a timer there, and no other's."""


class RefreshTimerLevel(Level):
    """What the layer is told, and where its round is."""

    every_ns: int
    spacing_ns: int
    ends_at: int
    pairs: int
    """Where the keys of a round are, each with its location."""
    count: int
    began_at: int
    request: int
    """The number of the last fetch, or of the round."""
    done: int


class RefreshedKey(Record):
    """A key of a round, and where it is fetched."""

    key: int
    location: int


@inner
def step(own: RefreshTimerLevel, entry: int) -> int:  # noqa: ARG001 - it says what is told
    """Let requests pass as if nothing were there."""
    return GO_DOWN if entry == DOWN else GO_UP


@inner
def _fetch_next(m: State, which: int) -> Task:
    """Begin a round, or go on with one: return the next fetch, or none after all."""
    own = RefreshTimerLevel(m, which)
    if own.done == own.count:
        _end_round(m, own)
        return Task(m, NOBODY)
    pair = RefreshedKey(m, own.pairs + own.done * RefreshedKey.width)
    own.done += 1
    own.request -= 1
    task = new_task(m, own.number + 1, TO_NOBODY, 0)
    task.request, task.attempt = own.request, 0
    task.key, task.location = pair.key, pair.location
    task.isolate = _OUTSIDE + pair.location
    m.again = entry_of(_SPACE if own.spacing_ns else _NEXT, which)
    return task


@inner
def begin(m: State, own: RefreshTimerLevel) -> Task:
    """Begin the first round."""
    return _fetch_next(m, own.at)


@inner
def _leave_space(m: State, which: int) -> Task:
    """Wait before the next fetch of a round."""
    own = RefreshTimerLevel(m, which)
    _wake(m, own, m.now + own.spacing_ns)
    return Task(m, NOBODY)


@inner
def _end_round(m: State, own: RefreshTimerLevel) -> None:
    own.done = 0
    own.began_at = max(own.began_at + own.every_ns, m.now)
    if own.began_at < own.ends_at:
        own.request -= 1
        _wake(m, own, own.began_at)


@inner
def _wake(m: State, own: RefreshTimerLevel, instant: int) -> None:
    push(m, TIMERS, instant, clock.START + own.request, entry_of(_NEXT, own.at))


_NEXT: Final = events.add(_fetch_next)
_SPACE: Final = events.add(_leave_space)


def fill(
    own: RefreshTimerLevel,
    layer: RefreshTimer,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say, and when its first round begins."""
    pairs = layer.concerned(context)
    own.ends_at, own.began_at = context.ends_at_ns, layer.first_at_ns
    own.pairs, own.count = parameters.write(list(chain(*pairs))), len(pairs)
    own.request = -1
    if layer.first_at_ns < context.ends_at_ns:
        parameters.begin_with(layer.first_at_ns, clock.START - 1, own)
