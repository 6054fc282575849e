"""Request chunks: instants become requests, each with its key and its isolate."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simcoalesce.request import Requests
from simcoalesce.traffic.bypass_draws import BypassDraws
from simcoalesce.traffic.key_index import KeyIndex
from simcoalesce.traffic.log_cursor import LogColumns, LogCursor, overwrite
from simcoalesce.traffic.page import PageCursor
from simcoalesce.traffic.phase_merge import Merged
from simcoalesce.traffic.routing import Routing


def chunks_of(
    blocks: Iterator[Merged],
    pages: PageCursor,
    keys: KeyIndex,
    routing: Routing,
    cursors: Sequence[LogCursor],
    bypasses: BypassDraws,
) -> Iterator[Requests]:
    """Yield the requests of merged phases; what a log says of them holds."""
    first_id = 0
    for instants, phase in blocks:
        requests = np.arange(first_id, first_id + len(instants))
        visit, entry, page = pages.next_rows(requests, phase)
        key = keys.keys(visit, phase, entry)
        location = routing.location(visit)
        logged = [cursor.next_rows(phase) for cursor in cursors]
        for log in logged:
            overwrite(key, log.rows, log.key)
            overwrite(location, log.rows, log.location)
        isolate = routing.isolate(requests, location, key)
        for log in logged:
            overwrite(isolate, log.rows, log.isolate)
        isolate += location * routing.isolates
        storable = bypasses.storable(requests, phase)
        for log in logged:
            storable = _with_logged(storable, log, len(requests))
        yield Requests(first_id, instants, key, location, isolate, page, storable)
        first_id += len(instants)


def _with_logged(
    storable: NDArray[np.bool_] | None, log: LogColumns, count: int
) -> NDArray[np.bool_] | None:
    """Return which requests may be answered from a store, with what a log says."""
    if log.storable is None:
        return storable
    storable = np.ones(count, dtype=np.bool_) if storable is None else storable
    storable[log.rows] &= log.storable
    return storable
