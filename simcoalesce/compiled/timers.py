"""Timers: what happens after a while, unless they are off by then."""

from typing import Final

from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.event_queue import TIMERS, entry_of, events, push
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import Level, State, Task
from simcoalesce.compiled.switch import Handlers
from simcoalesce.model import clock


class Timer(Record):
    """A timer."""

    setter: Link[Task]
    """Who set it."""
    level: Link[Level]
    """At which level."""
    behind: Link[Task]
    """The task that races it, if one does."""
    is_off: bool
    fires: int
    """What it does then: a number that `firings` gave."""


firings: Handlers[["State", Timer], None] = Handlers("m timer")
"""What is done when a timer fires."""


@inner
def new_timer(m: State, setter: Task, own: Level, fires: int) -> Timer:
    """Return a new timer, which `set_timer` sets."""
    timer = Timer(m, allocate(m, m.free_timers, Timer.width))
    timer.setter, timer.level = setter, own
    timer.behind = Task(m, NOBODY)
    timer.is_off, timer.fires = False, fires
    return timer


@inner
def free_timer(m: State, timer: Timer) -> None:
    """Free a timer."""
    release(m, m.free_timers, timer.at)


@inner
def set_timer(m: State, timer: Timer, instant: int) -> None:
    """Let a timer fire at an instant, after what completes then."""
    order = clock.EXPIRE + timer.setter.request
    push(m, TIMERS, instant, order, entry_of(_TIMER, timer.at))


@inner
def _fire(m: State, which: int) -> Task:
    timer = Timer(m, which)
    if not timer.is_off:
        firings(timer.fires, m, timer)
    free_timer(m, timer)
    return Task(m, NOBODY)


_TIMER: Final = events.add(_fire)
