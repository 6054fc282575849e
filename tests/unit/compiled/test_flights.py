"""Flights of the compiled engine, whose kernels run as Python here."""

import numpy as np
import pytest

from simcoalesce.compiled.event_queue import (
    NO_INSTANT,
    SIGNALS,
    happen,
    pop,
)
from simcoalesce.compiled.flights import (
    FlightFrame,
    FlightRecord,
    FlightsLevel,
    follow,
    join,
    land,
)
from simcoalesce.compiled.hash_table import EMPTY, Slot
from simcoalesce.compiled.queue_records import Fifo
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import LEVELS_AT, PARAMETERS_AT, State, Task
from simcoalesce.compiled.tasks import frame, new_task

_SLOTS = 16


@pytest.fixture
def m() -> State:
    """Return a state with one FIFO, an empty table, and one level that has flights."""
    m = State(np.zeros(1 << 11, dtype=np.int64), 0)
    m[LEVELS_AT] = PARAMETERS_AT
    m.top = PARAMETERS_AT + FlightsLevel.width
    m.task_width, m.again = Task.width + FlightFrame.width, NOBODY
    own = FlightsLevel(m, PARAMETERS_AT)
    own.frame, own.removes_success = Task.width, True
    m.fifos, m.fifo_count = m.top, 1
    fifo = Fifo(m, m.fifos)
    m[fifo.at], m[fifo.at + 1], fifo.head_at = NOBODY, NOBODY, NO_INSTANT
    m.table, m.table_size = m.fifos + Fifo.width, _SLOTS
    for index in range(_SLOTS * Slot.width):
        m[m.table + index] = EMPTY
    m.top = m.table + _SLOTS * Slot.width
    return m


def joined(m: State, request: int) -> Task:
    """Return a task that has joined the flight of key 7."""
    own = FlightsLevel(m, m[LEVELS_AT])
    task = new_task(m, 0, 0, 0)
    task.request, task.key = request, 7
    join(m, task, own, its_frame(m, task), 0, (2, 3))
    return task


def its_frame(m: State, task: Task) -> FlightFrame:
    """Return what the level keeps of a task."""
    return FlightFrame(m, frame(task, FlightsLevel(m, m[LEVELS_AT])).at)


def landed(m: State, leader: Task) -> FlightRecord:
    """Return the flight of a leader, landed with a success."""
    flight = its_frame(m, leader).flight
    m.spawned.answer.status = 200
    land(m, m.spawned, flight)
    return flight


def test_followers_go_on_in_order_and_then_their_flight_is_freed(m: State) -> None:
    """Requests 1 and 3 follow, and 2 does, whose caller is gone by then."""
    leader, *followers = (joined(m, request) for request in range(4))
    followers[1].is_dead = True
    flight, told = landed(m, leader), []

    what = pop(m, SIGNALS)
    while what != NOBODY:
        m.again = NOBODY
        assert m.free_flights.first != flight.at
        follower, what = happen(m, what), m.again
        told += [follower.request] if follower else []

    assert told == [1, 3]
    assert m.free_flights.first == flight.at


def test_a_follower_gets_the_answer_of_the_flight_as_its_own(m: State) -> None:
    """The leader keeps its role, and a follower has one."""
    leader, follower = joined(m, 0), joined(m, 1)
    flight = landed(m, leader)

    follow(follower, its_frame(m, follower))

    assert (follower.answer.status, follower.answer.role) == (200, 2)
    assert flight.answer.role == 1


def test_a_flight_that_succeeds_is_joined_no_more(m: State) -> None:
    """Its level says that successes remove it; so the next request leads."""
    leader = joined(m, 0)
    flight = landed(m, leader)

    other = joined(m, 1)

    assert its_frame(m, other).flight.at != flight.at
