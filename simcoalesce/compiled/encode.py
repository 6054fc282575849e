"""Assembly: from the layers of a path to the first memory of a machine."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from simcoalesce.compiled import (
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
from simcoalesce.compiled.capacity import ROOM, with_space
from simcoalesce.compiled.event_queue import HEAP_WIDTH, NO_INSTANT
from simcoalesce.compiled.hash_table import EMPTY
from simcoalesce.compiled.layout import (
    CALL_LOG,
    CALL_ROOM,
    DURABLE_OBJECT,
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
    USES_FAST_PATH,
    WAKING,
)
from simcoalesce.compiled.parameters import Parameters, Row
from simcoalesce.distribution import ReplayedLatency
from simcoalesce.model.edge import contexts, least_write_ns
from simcoalesce.model.layer import Layer, LayerContext
from simcoalesce.model.layers.kv_read import KvRead

Describe = Callable[[Any, LayerContext, int, Parameters], None]

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


def machine(path: Sequence[Layer], first: LayerContext) -> Row:
    """Return the memory of a machine for a path, before anything happens."""
    keys, locations = len(first.keys), len(first.locations)
    program = Parameters(len(path), first.recorder, keys=keys, locations=locations)
    placed = list(enumerate(zip(path, contexts(path, first), strict=True)))
    place = NOBODY
    for level, (layer, _) in placed:
        kind = KERNELS[layer.kind][0]
        program.parameters[level, KIND] = kind
        program.parameters[level, PLACE] = place
        program.parameters[level, RETURNS] = 0 if place == NOBODY else layer.resumptions
        place = level if kind == DURABLE_OBJECT else place
    # Names get their codes from the inside out, as in the other engine.
    for level, (layer, context) in reversed(placed):
        KERNELS[layer.kind][1](layer, context, level, program)
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


def _foresee(path: Sequence[Layer], program: Parameters) -> None:
    """Say whether hits of the first layer can be settled when they arrive."""
    first = path[0]
    if not isinstance(first, KvRead) or program.head[KEEPS_COPIES]:
        return
    program.parameters[0, kv_read.LEAST_WRITE] = least_write_ns(path)
    is_drawn = not isinstance(first.read_latency, ReplayedLatency)
    program.head[USES_FAST_PATH] = is_drawn and first.is_plain()


def _inbox(keys: int, locations: int) -> Row:
    boxes = np.zeros(((2 * locations + 1) * keys, kv.INBOX_WIDTH), dtype=np.int64)
    boxes[: (locations + 1) * keys, [kv.FIRST, kv.LAST]] = NOBODY
    return boxes.reshape(-1)
