"""Requests that the loop is handed: a column after the other, in order of arrival."""

from typing import Final

import numpy as np

from simcoalesce.compiled.capacity import with_space
from simcoalesce.compiled.draws import bits
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.state import BYPASS, State
from simcoalesce.request import Requests

_COLUMNS: Final = 4
"""Instants, keys, locations, isolates."""
BLOCK: Final = 512
"""So many requests are drawn at a time: their columns stay in the first cache."""


@inner
def column(m: State, number: int) -> int:
    """Return where a column begins."""
    return m.coming + number * m.stride


@inner
def arrives_at(m: State, index: int) -> int:
    """Return when a request arrives."""
    return m[m.coming + index]


@inner
def key_at(m: State, index: int) -> int:
    """Return the key of a request."""
    return m[column(m, 1) + index]


@inner
def location_at(m: State, index: int) -> int:
    """Return where a request arrives."""
    return m[column(m, 2) + index]


@inner
def may_be_stored(m: State, index: int) -> bool:
    """Say whether a store may answer a request."""
    return m[column(m, 3) + index] >= 0


@inner
def isolate_at(m: State, index: int) -> int:
    """Return the isolate of a request; BYPASS minus it if nothing may answer it."""
    traffic = m.traffic
    isolate = m[column(m, 3) + index] + location_at(m, index) * traffic.isolates
    if traffic.draws_isolates:
        word = bits(traffic.isolate_stream, m.first_request + index, 0)
        isolate += int((word >> _HALF) * np.uint64(traffic.isolates) >> _HALF)
    return isolate


_HALF = np.uint64(32)


def with_coming(numbers: Row, count: int) -> Row:
    """Return the state with memory for the columns of so many requests."""
    state = State(numbers, 0)
    if count > state.stride:
        numbers, first = with_space(numbers, _COLUMNS * count)
        state = State(numbers, 0)
        state.coming, state.stride = first, count
    return numbers


def hand_over(numbers: Row, chunk: Requests) -> Row:
    """Return the state with a chunk of requests for the loop."""
    numbers = with_coming(numbers, len(chunk))
    state = State(numbers, 0)
    isolate = chunk.isolate
    if chunk.storable is not None:
        isolate = np.where(chunk.storable, isolate, BYPASS - isolate)
    rows = (chunk.arrived_at_ns, chunk.key, chunk.location, isolate)
    for number, row in enumerate(rows):
        first = column(state, number)
        numbers[first : first + len(chunk)] = row
    state.first_request, state.handed, state.came = chunk.first_id, len(chunk), 0
    state.latest = int(chunk.arrived_at_ns[-1]) if len(chunk) else state.latest
    return numbers
