"""In-flight maps, as `model.flights` has them."""

from collections.abc import Sequence
from typing import Final

from simcoalesce.compiled.active_time import begin_fetch, end_fetch
from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.event_queue import SIGNALS, entry_of, events, go_on, push
from simcoalesce.compiled.hash_table import find, insert, remove, table_key_of
from simcoalesce.compiled.instances import ObjectsLevel
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import (
    GO_DOWN,
    GO_UP,
    AnswerRecord,
    Frame,
    State,
    Task,
)
from simcoalesce.compiled.task_queue import TaskQueue, stand_in, take_first
from simcoalesce.compiled.tasks import (
    handovers,
    new_task_for,
    set_failure,
    spawn,
    suspend,
)
from simcoalesce.model import clock
from simcoalesce.model.flights import Cleanup, LeaderLeaves, removes

LEAVES: Final[Sequence[LeaderLeaves]] = (
    "error_and_keep",
    "error_and_forget",
    "silence",
)
"""What may become of a flight whose leader leaves, by its number."""
_FORGET: Final = LEAVES.index("error_and_forget")
_SILENCE: Final = LEAVES.index("silence")

# Whether a flight is kept in its map: with followers that are to be told, or when all
# have been.
_IS_NOT, _IS_TO_TELL, _HAS_TOLD = range(3)


class FlightsLevel(ObjectsLevel):
    """What a level with in-flight maps is told."""

    removes_success: bool
    removes_failure: bool
    """Which ends of a fetch remove it."""
    leader_bound: bool
    """Whether a flight dies with its leader."""
    leaves: int
    """What becomes of it then, as its number among `LEAVES`."""
    forget_after_ns: int
    """For how long it is joined, if this is above 0."""


class FlightRecord(Record):
    """A flight."""

    table_key: int
    level: Link[FlightsLevel]
    waiting: TaskQueue
    until: int
    """Until when it is joined."""
    has_landed: bool
    kept: int
    answer: AnswerRecord


class FlightFrame(Frame):
    """What such a level keeps of a task."""

    flight: Link[FlightRecord]
    """The one that it leads or follows."""
    leads: bool
    """Whether it leads one that is bound to it."""


@inner
def join(
    m: State,
    task: Task,
    own: FlightsLevel,
    mine: FlightFrame,
    domain: int,
    labels: tuple[int, int],
) -> int:
    """Wait for the flight of a task's key, or open one.

    Args:
        m: The state.
        task: Who joins.
        own: The level of the map.
        mine: What it keeps of the task.
        domain: Which of the level's maps.
        labels: Where a leader goes on, and a follower.
    """
    table_key = table_key_of(own, domain, task.key)
    flight = _joinable(m, table_key)
    if flight:
        mine.flight = flight
        if flight.has_landed:
            return follow(task, mine)
        stand_in(m, flight.waiting, task)
        return suspend(task, own, labels[1])
    flight = _new_flight(m, table_key, own)
    mine.flight = flight
    begin_fetch(m, task, own)
    if own.leader_bound:
        mine.leads = True
        return GO_DOWN
    child = new_task_for(m, task, own.number + 1, LANDS, flight.at)
    return spawn(m, task, own, labels[0], child)


@inner
def _joinable(m: State, table_key: int) -> FlightRecord:
    """Return the flight of a key, unless there is none, or it is forgotten by now."""
    flight = FlightRecord(m, find(m, table_key))
    if not flight or m.now < flight.until:
        return flight
    _let_go(m, flight)
    return FlightRecord(m, NOBODY)


@inner
def forget(m: State, table_key: int) -> None:
    """Take whatever is in a map under a key out of it."""
    flight = FlightRecord(m, find(m, table_key))
    if flight:
        remove(m, table_key)
        _let_go(m, flight)


@inner
def _let_go(m: State, flight: FlightRecord) -> None:
    """Note that a flight is kept in its map no longer."""
    if flight.kept == _HAS_TOLD:
        release(m, m.free_flights, flight.at)
    flight.kept = _IS_NOT


@inner
def _new_flight(m: State, table_key: int, own: FlightsLevel) -> FlightRecord:
    flight = FlightRecord(m, allocate(m, m.free_flights, FlightRecord.width))
    flight.table_key, flight.level = table_key, own
    flight.waiting.count = 0
    flight.has_landed, flight.kept = False, _IS_NOT
    flight.until = clock.NEVER_NS
    if own.forget_after_ns > 0:
        flight.until = m.now + own.forget_after_ns
    insert(m, table_key, flight.at)
    return flight


@inner
def lead(m: State, task: Task, own: FlightsLevel, mine: FlightFrame, label: int) -> int:
    """Go on as the leader of a detached flight: take its answer or wait for it."""
    flight = mine.flight
    if not flight.has_landed:
        stand_in(m, flight.waiting, task)
        return suspend(task, own, label)
    task.answer = flight.answer
    return GO_UP


@inner
def follow(task: Task, mine: FlightFrame) -> int:
    """Take a landed flight's answer as a follower."""
    flight = mine.flight
    task.answer = flight.answer
    task.answer.role, task.answer.attempts = 2, 1
    return GO_UP


@inner
def land(m: State, task: Task, flight: FlightRecord) -> None:
    """Give a flight the answer of the task that flew it."""
    own = flight.level
    end_fetch(m, task, own)
    flight.answer = task.answer
    if flight.answer.role == 0:
        flight.answer.role = 1
    is_success = task.answer.status < 400
    is_removed = own.removes_success if is_success else own.removes_failure
    _send(m, task, flight, is_removed)


@inner
def _send(m: State, task: Task, flight: FlightRecord, is_removed: bool) -> None:  # noqa: FBT001 - kernels have no keywords
    """Send a flight's answer to its followers; a younger one stays in the map."""
    flight.has_landed = True
    if find(m, flight.table_key) == flight.at:
        if is_removed:
            remove(m, flight.table_key)
        else:
            flight.kept = _IS_TO_TELL
    order = clock.ANSWER + task.request
    push(m, SIGNALS, m.now, order, entry_of(_TELL, flight.at))


@inner
def land_led(m: State, task: Task, mine: FlightFrame) -> None:
    """Land a flight that is bound to its leader, which gets its answer."""
    mine.leads = False
    land(m, task, mine.flight)
    if task.answer.role == 0:
        task.answer.role = 1


@inner
def break_off(m: State, task: Task, own: FlightsLevel, mine: FlightFrame) -> None:
    """End a flight whose leader is gone: its own clean-up does not run."""
    mine.leads = False
    end_fetch(m, task, own)
    if own.leaves == _SILENCE:
        return
    flight = mine.flight
    set_failure(m, task, 500, 1, own.served_by)
    flight.answer = task.answer
    _send(m, task, flight, own.leaves == _FORGET)


@inner
def _tell(m: State, which: int) -> Task:
    """Let the followers of a flight go on, one after the other; then put it away."""
    flight = FlightRecord(m, which)
    if not flight.waiting.count:
        _put_away(m, flight)
        return Task(m, NOBODY)
    m.again = entry_of(_TELL, which)
    return go_on(m, take_first(flight.waiting).at)


@inner
def _put_away(m: State, flight: FlightRecord) -> None:
    """Free a flight that has told all its followers, unless its map keeps it."""
    if flight.kept:
        flight.kept = _HAS_TOLD
    else:
        release(m, m.free_flights, flight.at)


@inner
def _land_by_itself(m: State, task: Task) -> None:
    """Land a flight that is bound to nobody."""
    land(m, task, FlightRecord(m, task.to))


_TELL: Final = events.add(_tell)
LANDS: Final = handovers.add(_land_by_itself)


def fill_cleanup(own: FlightsLevel, cleanup: Cleanup) -> None:
    """Write which ends of a fetch remove it."""
    own.removes_success, own.removes_failure = removes(cleanup)
