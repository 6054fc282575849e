"""Requests that the loop is handed: a column after the other, in order of arrival."""

from typing import Final

import numpy as np

from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.state import BYPASS, State
from simcoalesce.request import Requests

COLUMNS: Final = 4
"""Instants, keys, locations, isolates."""


@inner
def arrives_at(coming: Numbers, index: int) -> int:
    """Return when a request arrives."""
    return coming[index]


@inner
def key_at(m: State, coming: Numbers, index: int) -> int:
    """Return the key of a request."""
    return coming[m.handed + index]


@inner
def location_at(m: State, coming: Numbers, index: int) -> int:
    """Return where a request arrives."""
    return coming[2 * m.handed + index]


@inner
def isolate_at(m: State, coming: Numbers, index: int) -> int:
    """Return the isolate of a request; BYPASS minus it if nothing may answer it."""
    return coming[3 * m.handed + index]


def coming_of(chunk: Requests) -> Row:
    """Return a chunk as columns, shape (COLUMNS, n)."""
    coming = np.empty((COLUMNS, len(chunk)), dtype=np.int64)
    coming[0], coming[1] = chunk.arrived_at_ns, chunk.key
    coming[2], coming[3] = chunk.location, chunk.isolate
    if chunk.storable is not None:
        coming[3] = np.where(chunk.storable, chunk.isolate, BYPASS - chunk.isolate)
    return coming
