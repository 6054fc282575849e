"""Clients of Redis, as `model.redis` has them: commands act in mid-latency."""

from typing import Final

from simcoalesce.compiled.event_queue import LEVELS, entry_of, events, push
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import Frame, Level, SamplerRecord, State, Task
from simcoalesce.compiled.switch import Handlers
from simcoalesce.compiled.tasks import (
    TO_NOBODY,
    draw_for,
    frame,
    level_of,
    new_task_for,
    sleep,
)
from simcoalesce.model import clock

_COMMANDS: Final = 1 << 16


class ClientLevel(Level):
    """What a level is told that sends commands."""

    latency: SamplerRecord
    commands: int
    """How many of its commands the server has run."""


class ClientFrame(Frame):
    """What such a level keeps of a task."""

    command: int
    """What its command does when it gets there: a number that `commands` gave."""
    number: int
    """How many things it has drawn for."""
    token: int
    """That of the lock which it has taken, or 0."""


commands: Handlers[[State, Task, ClientLevel, ClientFrame], None] = Handlers(
    "m task own mine"
)
"""What is done when a command gets there, even if its sender was stopped meanwhile."""


@inner
def ask(
    m: State, task: Task, own: ClientLevel, latency: SamplerRecord, command: int
) -> int:
    """Send what looks, and may take: it sees all that is set at its instant."""
    return _send(m, task, own, latency, command, clock.START)


@inner
def put(
    m: State, task: Task, own: ClientLevel, latency: SamplerRecord, command: int
) -> int:
    """Send what sets or frees."""
    return _send(m, task, own, latency, command, clock.COMPLETE)


@inner
def _send(
    m: State,
    task: Task,
    own: ClientLevel,
    latency: SamplerRecord,
    command: int,
    phase: int,
) -> int:
    mine = ClientFrame(m, frame(task, own).at)
    mine.command = command
    takes = draw_next(m, task, latency, mine)
    there = entry_of(_ARRIVES, task.at)
    fifo = LEVELS + 2 * own.number + 1
    push(m, fifo, m.now + takes // 2, phase + task.request, there)
    # What takes no time is answered after it has acted.
    back = clock.ANSWER if takes else max(clock.ANSWER, phase)
    return sleep(m, task, own, m.now + takes, back)


@inner
def draw_next(m: State, task: Task, sampler: SamplerRecord, mine: ClientFrame) -> int:
    """Draw for the next thing that a task does at a level."""
    mine.number += 1
    return draw_for(m, sampler, task.request, draw_number(task, mine.number - 1))


@inner
def draw_number(task: Task, number: int) -> int:
    """Return under which number a task draws for the n-th thing that it does."""
    return task.attempt * _COMMANDS + number


@inner
def messenger(m: State, task: Task, own: ClientLevel) -> Task:
    """Return what sends a command in the place of a task, and is done then."""
    sends = new_task_for(m, task, own.number, TO_NOBODY, NOBODY)
    sends.is_dead = True
    mine, its = _client_frame(m, task, own), _client_frame(m, sends, own)
    its.number, its.token = mine.number, mine.token
    return sends


@inner
def _client_frame(m: State, task: Task, own: ClientLevel) -> ClientFrame:
    return ClientFrame(m, frame(task, own).at)


@inner
def _arrive(m: State, which: int) -> Task:
    """Let the server run the command of a task."""
    task = Task(m, which)
    own = ClientLevel(m, level_of(m, task.level).at)
    own.commands += 1
    mine = _client_frame(m, task, own)
    commands(mine.command, m, task, own, mine)
    return Task(m, NOBODY)


_ARRIVES: Final = events.add(_arrive)
