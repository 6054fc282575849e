"""In-flight maps, as `model.flights` has them."""

from simcoalesce.compiled import layout
from simcoalesce.compiled.active_time import begin_fetch, end_fetch
from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.event_queue import push
from simcoalesce.compiled.hash_table import find, insert, remove, table_key_of
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.state import (
    at,
    copy_answer,
    frame,
    new_task,
    set_failure,
    spawn,
    suspend,
)
from simcoalesce.model.clock import NEVER_NS
from simcoalesce.model.flights import Cleanup, LeaderLeaves, removes

# A flight: its table key, its level, its followers, until when it is joined, what
# became of it.
TABLE_KEY, LEVEL, FIRST, LAST, UNTIL, HAS_LANDED, IS_KEPT, ANSWER_OF = range(8)
FLIGHT_WIDTH = ANSWER_OF + layout.ANSWER_WIDTH

# Kept in its map: with followers that are to be told, or when all have been.
_IS_TO_TELL, _HAS_TOLD = 1, 2

# Parameters: which ends of a fetch remove it, and whether it dies with its leader; of
# single_flight, what becomes of it then, and for how long it is joined.
REMOVES_SUCCESS, REMOVES_FAILURE, IS_LEADER_BOUND = 7, 8, 9
LEAVES, FORGET_AFTER = 34, 35
KEEP, FORGET, SILENCE = range(3)

# In a level's frame: the flight that a task leads or follows, and whether it leads
# one that is bound to it.
FLIGHT, LEADS = 0, 1


@inner
def join(
    m: Numbers, task: int, level: int, domain: int, labels: tuple[int, int]
) -> int:
    """Wait for the flight of a task's key, or open one.

    Args:
        m: The state.
        task: Who joins.
        level: The level of the map.
        domain: Which of the level's maps.
        labels: Where a leader goes on, and a follower.
    """
    table_key = table_key_of(level, domain, m[task + layout.KEY])
    flight = _joinable(m, table_key)
    mine = frame(task, level)
    if flight != layout.NOBODY:
        m[mine + FLIGHT] = flight
        if m[flight + HAS_LANDED]:
            return follow(m, task, level)
        _wait_for(m, task, flight)
        suspend(m, task, level, labels[1])
        return layout.WAIT
    flight = _new_flight(m, table_key, level)
    m[mine + FLIGHT] = flight
    begin_fetch(m, task, level)
    if m[at(level) + IS_LEADER_BOUND]:
        m[mine + LEADS] = 1
        return layout.GO_DOWN
    child = new_task(m, task, level + 1, layout.TO_FLIGHT, flight)
    spawn(m, task, level, labels[0], child)
    return layout.SPAWN


@inner
def _joinable(m: Numbers, table_key: int) -> int:
    """Return the flight of a key, unless there is none, or it is forgotten by now."""
    flight = find(m, table_key)
    if flight == layout.NOBODY or m[layout.NOW] < m[flight + UNTIL]:
        return flight
    if m[flight + IS_KEPT] == _HAS_TOLD:
        release(m, layout.FREE_FLIGHT, flight)
    m[flight + IS_KEPT] = 0
    return layout.NOBODY


@inner
def _new_flight(m: Numbers, table_key: int, level: int) -> int:
    flight = allocate(m, layout.FREE_FLIGHT, FLIGHT_WIDTH)
    m[flight + TABLE_KEY], m[flight + LEVEL] = table_key, level
    m[flight + FIRST], m[flight + LAST] = layout.NOBODY, layout.NOBODY
    m[flight + HAS_LANDED], m[flight + IS_KEPT] = 0, 0
    m[flight + UNTIL] = NEVER_NS
    if m[at(level) + FORGET_AFTER]:
        m[flight + UNTIL] = m[layout.NOW] + m[at(level) + FORGET_AFTER]
    insert(m, table_key, flight)
    return flight


@inner
def _wait_for(m: Numbers, task: int, flight: int) -> None:
    m[task + layout.NEXT] = layout.NOBODY
    last = m[flight + LAST]
    if last == layout.NOBODY:
        m[flight + FIRST] = task
    else:
        m[last + layout.NEXT] = task
    m[flight + LAST] = task


@inner
def lead(m: Numbers, task: int, level: int, label: int) -> int:
    """Go on as the leader of a detached flight: take its answer or wait for it."""
    flight = m[frame(task, level) + FLIGHT]
    if not m[flight + HAS_LANDED]:
        _wait_for(m, task, flight)
        suspend(m, task, level, label)
        return layout.WAIT
    copy_answer(m, flight + ANSWER_OF, task + layout.STATUS)
    return layout.GO_UP


@inner
def follow(m: Numbers, task: int, level: int) -> int:
    """Take a landed flight's answer as a follower."""
    flight = m[frame(task, level) + FLIGHT]
    copy_answer(m, flight + ANSWER_OF, task + layout.STATUS)
    m[task + layout.ROLE] = 2
    m[task + layout.ATTEMPTS] = 1
    return layout.GO_UP


@inner
def land(m: Numbers, task: int, flight: int) -> None:
    """Give a flight the answer of the task that flew it."""
    end_fetch(m, task, m[flight + LEVEL])
    copy_answer(m, task + layout.STATUS, flight + ANSWER_OF)
    if m[flight + ANSWER_OF + layout.ROLE - layout.STATUS] == 0:
        m[flight + ANSWER_OF + layout.ROLE - layout.STATUS] = 1
    m[flight + HAS_LANDED] = 1
    own = at(m[flight + LEVEL])
    _keep_or_remove(
        m,
        flight,
        m[
            own
            + (REMOVES_SUCCESS if m[task + layout.STATUS] < 400 else REMOVES_FAILURE)
        ],
    )
    push(
        m,
        layout.SIGNALS,
        m[layout.NOW],
        layout.ANSWER + m[task + layout.ID],
        flight << 2 | layout.SIGNAL,
    )


@inner
def _keep_or_remove(m: Numbers, flight: int, is_removed: int) -> None:
    """Let a landed flight stay in its map or not; a younger one there stays."""
    if find(m, m[flight + TABLE_KEY]) != flight:
        return
    if is_removed:
        remove(m, m[flight + TABLE_KEY])
    else:
        m[flight + IS_KEPT] = _IS_TO_TELL


@inner
def land_led(m: Numbers, task: int, level: int) -> None:
    """Land a flight that is bound to its leader, which gets its answer."""
    mine = frame(task, level)
    m[mine + LEADS] = 0
    land(m, task, m[mine + FLIGHT])
    if m[task + layout.ROLE] == 0:
        m[task + layout.ROLE] = 1


@inner
def break_off(m: Numbers, task: int, level: int) -> None:
    """End a flight whose leader is gone: its own clean-up does not run."""
    mine = frame(task, level)
    m[mine + LEADS] = 0
    end_fetch(m, task, level)
    if m[at(level) + LEAVES] == SILENCE:
        return
    flight = m[mine + FLIGHT]
    set_failure(m, task, 500, 1, m[at(level) + layout.CODE])
    copy_answer(m, task + layout.STATUS, flight + ANSWER_OF)
    m[flight + HAS_LANDED] = 1
    _keep_or_remove(m, flight, m[at(level) + LEAVES] == FORGET)
    push(
        m,
        layout.SIGNALS,
        m[layout.NOW],
        layout.ANSWER + m[task + layout.ID],
        flight << 2 | layout.SIGNAL,
    )


@inner
def put_away(m: Numbers, flight: int) -> None:
    """Free a flight that has told all its followers, unless its map keeps it."""
    if m[flight + IS_KEPT]:
        m[flight + IS_KEPT] = _HAS_TOLD
    else:
        release(m, layout.FREE_FLIGHT, flight)


def encode(row: Row, cleanup: Cleanup, *, is_leader_bound: bool) -> None:
    """Write the parameters of a level's maps."""
    row[REMOVES_SUCCESS], row[REMOVES_FAILURE] = removes(cleanup)
    row[IS_LEADER_BOUND] = is_leader_bound


def encode_rules(
    row: Row, leader_leaves: LeaderLeaves | None, forget_after_ns: int | None
) -> None:
    """Write what single_flight alone can be told of its maps."""
    leaves = ("error_and_keep", "error_and_forget", "silence")
    row[LEAVES] = leaves.index(leader_leaves or "error_and_keep")
    row[FORGET_AFTER] = forget_after_ns or 0
