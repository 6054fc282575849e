"""Assembly: from the layers of a path to the first memory of a machine."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from simcoalesce.distribution import Replay
from simcoalesce.kernels import (
    durable_object,
    kv,
    kv_read,
    kv_write,
    memory,
    origin,
    retry,
    single_flight,
    timeout,
)
from simcoalesce.kernels.program import Program, Row
from simcoalesce.kernels.queue import HEAP_WIDTH, NO_INSTANT
from simcoalesce.kernels.room import ROOM, with_space
from simcoalesce.kernels.table import EMPTY
from simcoalesce.kernels.words import (
    CALL_LOG,
    CALL_ROOM,
    DURABLE_OBJECT,
    FORESEES,
    FRAME_WIDTH,
    FRAMES,
    INBOX,
    KEEPS_COPIES,
    KEYS,
    KIND,
    KV_READ,
    KV_WRITE,
    LANE_COUNT,
    LANES,
    LEVELS,
    LOCATIONS,
    MEMORY,
    NEXT_PUT,
    NOBODY,
    ORIGIN,
    PLACE,
    QUEUE,
    QUEUE_ROOM,
    READ_AT,
    RETRY,
    RETURNS,
    RUN_STACK,
    SINGLE_FLIGHT,
    TABLE,
    TABLE_SIZE,
    TASK_WIDTH,
    TIMEOUT,
    TOP,
    WAKING,
)
from simcoalesce.model.edge import least_write_ns, sites
from simcoalesce.model.layer import Layer, Site
from simcoalesce.model.layers.kv_read import KvRead

Describe = Callable[[Any, Site, int, Program], None]

_ROOM: Final = 32 * ROOM
"""So many requests may be under way, and so many calls be made, before it grows."""
_TABLE: Final = 8 * ROOM

KERNELS: Final[dict[str, tuple[int, Describe]]] = {
    "kv.read": (KV_READ, kv_read.describe),
    "kv.write": (KV_WRITE, kv_write.describe),
    "single_flight": (SINGLE_FLIGHT, single_flight.describe),
    "durable_object": (DURABLE_OBJECT, durable_object.describe),
    "memory": (MEMORY, memory.describe),
    "timeout": (TIMEOUT, timeout.describe),
    "retry": (RETRY, retry.describe),
    "origin": (ORIGIN, origin.describe),
}


def machine(path: Sequence[Layer], first: Site) -> Row:
    """Return the memory of a machine for a path, before anything happens."""
    keys, locations = len(first.keys), len(first.locations)
    program = Program(len(path), first.recorder, keys=keys, locations=locations)
    placed = list(enumerate(zip(path, sites(path, first), strict=True)))
    place = NOBODY
    for level, (layer, _) in placed:
        kind = KERNELS[layer.kind][0]
        program.parameters[level, KIND] = kind
        program.parameters[level, PLACE] = place
        program.parameters[level, RETURNS] = 0 if place == NOBODY else layer.events
        place = level if kind == DURABLE_OBJECT else place
    # Names get their codes from the inside out, as in the other engine.
    for level, (layer, site) in reversed(placed):
        KERNELS[layer.kind][1](layer, site, level, program)
    _foresee(path, program)
    head = program.head
    head[KEYS], head[LOCATIONS], head[WAKING] = keys, locations, NOBODY
    head[TASK_WIDTH] = FRAMES + len(path) * FRAME_WIDTH
    head[LANE_COUNT] = LEVELS + 2 * len(path)
    head[LANES] = program.write([NOBODY, NOBODY, NO_INSTANT] * int(head[LANE_COUNT]))
    head[RUN_STACK] = program.room(4 * len(path) + 4)
    head[NEXT_PUT] = program.room(keys)
    head[READ_AT] = program.write(np.full(keys * locations, NOBODY))
    head[INBOX] = program.write(_inbox(keys, locations))
    head[QUEUE], head[QUEUE_ROOM] = program.room(_ROOM * HEAP_WIDTH), _ROOM
    head[CALL_LOG], head[CALL_ROOM] = program.room(_ROOM * origin.CALL_WIDTH), _ROOM
    head[TABLE] = program.write(np.full(2 * _TABLE, EMPTY))
    head[TABLE_SIZE], head[TOP] = _TABLE, program.top
    return with_space(program.memory(_ROOM * int(head[TASK_WIDTH])), 0)[0]


def _foresee(path: Sequence[Layer], program: Program) -> None:
    """Say whether hits of the first layer can be settled when they arrive."""
    first = path[0]
    if not isinstance(first, KvRead) or program.head[KEEPS_COPIES]:
        return
    program.parameters[0, kv_read.LEAST_WRITE] = least_write_ns(path)
    is_drawn = not isinstance(first.read_latency, Replay)
    program.head[FORESEES] = is_drawn and first.is_plain()


def _inbox(keys: int, locations: int) -> Row:
    boxes = np.zeros(((2 * locations + 1) * keys, kv.INBOX_WIDTH), dtype=np.int64)
    boxes[: (locations + 1) * keys, [kv.FIRST, kv.LAST]] = NOBODY
    return boxes.reshape(-1)
