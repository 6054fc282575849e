"""Encoding: from the layers of a path to the initial state of the engine."""

from collections.abc import Sequence
from importlib import import_module
from typing import Final

import numpy as np

from simcoalesce.compiled import kv, kv_read, layout, origin
from simcoalesce.compiled.capacity import ROOM, with_space
from simcoalesce.compiled.coverage import kernel_of
from simcoalesce.compiled.event_queue import HEAP_WIDTH, NO_INSTANT
from simcoalesce.compiled.hash_table import EMPTY
from simcoalesce.compiled.layout import (
    CALL_LOG,
    CALL_ROOM,
    FRAME_WIDTH,
    FRAMES,
    INBOX,
    KEEPS_COPIES,
    KEYS,
    KIND,
    LANE_COUNT,
    LANES,
    LEVELS,
    LOCATIONS,
    NEXT_PUT,
    NOBODY,
    PLACE,
    QUEUE,
    QUEUE_ROOM,
    READ_AT,
    RETURNS,
    RUN_STACK,
    TABLE,
    TABLE_SIZE,
    TASK_WIDTH,
    TOP,
    USES_FAST_PATH,
    WAKING,
)
from simcoalesce.compiled.parameters import Parameters, Row
from simcoalesce.distribution import ReplayedLatency
from simcoalesce.model.edge import contexts, least_write_ns
from simcoalesce.model.layer import Layer, LayerContext, Scope
from simcoalesce.model.layers.kv_read import KvRead

_ROOM: Final = 32 * ROOM
"""So many requests may be under way, and so many calls be made, before it grows."""
_TABLE: Final = 8 * ROOM


def initial_state(path: Sequence[Layer], first: LayerContext) -> Row:
    """Return the state of the engine for a path, before anything happens."""
    keys, locations = len(first.keys), len(first.locations)
    program = Parameters(len(path), first.recorder, keys=keys, locations=locations)
    levels = list(enumerate(zip(path, contexts(path, first), strict=True)))
    object_level = NOBODY
    for level, (layer, _) in levels:
        program.parameters[level, KIND] = _code_of(layer)
        program.parameters[level, PLACE] = object_level
        is_inside = object_level != NOBODY
        program.parameters[level, RETURNS] = layer.resumptions if is_inside else 0
        object_level = level if layer.scope is Scope.OBJECT else object_level
    # Names get their codes from the inside out, as in the other engine.
    for level, (layer, context) in reversed(levels):
        import_module(kernel_of(type(layer))).describe(layer, context, level, program)
    _note_fast_path(path, program)
    head = program.head
    head[KEYS], head[LOCATIONS], head[WAKING] = keys, locations, NOBODY
    head[TASK_WIDTH] = FRAMES + len(path) * FRAME_WIDTH
    head[LANE_COUNT] = LEVELS + 2 * len(path)
    head[LANES] = program.write([NOBODY, NOBODY, NO_INSTANT] * int(head[LANE_COUNT]))
    head[RUN_STACK] = program.room(4 * len(path) + 4)
    head[NEXT_PUT] = program.room(keys)
    head[READ_AT] = program.write(np.full(keys * locations, NOBODY))
    head[INBOX] = program.write(_pending_puts(keys, locations))
    head[QUEUE], head[QUEUE_ROOM] = program.room(_ROOM * HEAP_WIDTH), _ROOM
    head[CALL_LOG], head[CALL_ROOM] = program.room(_ROOM * origin.CALL_WIDTH), _ROOM
    head[TABLE] = program.write(np.full(2 * _TABLE, EMPTY))
    head[TABLE_SIZE], head[TOP] = _TABLE, program.top
    return with_space(program.memory(_ROOM * int(head[TASK_WIDTH])), 0)[0]


def _code_of(layer: Layer) -> int:
    """Return the number of a kernel, which the layout gives it by its name."""
    name = kernel_of(type(layer)).rpartition(".")[2]
    code: int = getattr(layout, name.upper())
    return code


def _note_fast_path(path: Sequence[Layer], program: Parameters) -> None:
    """Say whether hits of the first layer can be completed when they arrive."""
    first = path[0]
    if not isinstance(first, KvRead) or program.head[KEEPS_COPIES]:
        return
    program.parameters[0, kv_read.LEAST_WRITE] = least_write_ns(path)
    is_drawn = not isinstance(first.read_latency, ReplayedLatency)
    program.head[USES_FAST_PATH] = is_drawn and first.is_plain()


def _pending_puts(keys: int, locations: int) -> Row:
    pending = np.zeros(((2 * locations + 1) * keys, kv.INBOX_WIDTH), dtype=np.int64)
    pending[: (locations + 1) * keys, [kv.FIRST, kv.LAST]] = NOBODY
    return pending.reshape(-1)
