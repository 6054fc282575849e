"""Encoding: from the layers of a path to the initial state of the engine."""

from collections.abc import Sequence
from importlib import import_module
from typing import Final

import numpy as np

from simcoalesce.compiled import kv_read, layout, origin
from simcoalesce.compiled.capacity import MARGIN, with_space
from simcoalesce.compiled.coverage import kernel_of
from simcoalesce.compiled.event_queue import NO_INSTANT
from simcoalesce.compiled.hash_table import EMPTY
from simcoalesce.compiled.parameters import Parameters, Row
from simcoalesce.distribution import ReplayedLatency
from simcoalesce.model.contexts import contexts
from simcoalesce.model.fast_path import least_write_ns
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.scope import Scope

_CAPACITY: Final = 32 * MARGIN
"""How many requests may be under way, and calls be made, before the state grows."""
_TABLE: Final = 8 * MARGIN


def initial_state(path: Sequence[Layer], first: LayerContext) -> Row:
    """Return the state of the engine for a path, before anything happens."""
    keys, locations = len(first.keys), len(first.locations)
    parameters = Parameters(len(path), first.recorder, keys=keys, locations=locations)
    levels = list(enumerate(zip(path, contexts(path, first), strict=True)))
    object_level = layout.NOBODY
    for level, (layer, _) in levels:
        parameters.levels[level, layout.KIND] = _code_of(layer)
        parameters.levels[level, layout.OBJECT_LEVEL] = object_level
        parameters.head[layout.BYPASSED] |= layer.is_bypassed << level
        is_inside = object_level != layout.NOBODY
        parameters.levels[level, layout.RETURNS] = layer.resumptions if is_inside else 0
        object_level = level if layer.scope is Scope.OBJECT else object_level
    # Names get their codes from the inside out, as in the other engine.
    for level, (layer, context) in reversed(levels):
        import_module(kernel_of(type(layer))).encode(layer, context, level, parameters)
    _note_fast_path(path, parameters)
    head = parameters.head
    head[layout.KEYS], head[layout.LOCATIONS] = keys, locations
    head[layout.WAKING], head[layout.ROUND_OF] = layout.NOBODY, layout.NOBODY
    head[layout.TASK_WIDTH] = layout.FRAMES + len(path) * layout.FRAME_WIDTH
    head[layout.FIFO_COUNT] = layout.LEVELS + 2 * len(path)
    head[layout.FIFOS] = parameters.write(
        [layout.NOBODY, layout.NOBODY, NO_INSTANT] * int(head[layout.FIFO_COUNT])
    )
    head[layout.RUN_STACK] = parameters.reserve(4 * len(path) + 4)
    head[layout.NEXT_PUT] = parameters.reserve(keys)
    head[layout.READ_AT] = parameters.write(np.full(keys * locations, layout.NOBODY))
    head[layout.VIEWS] = parameters.write(parameters.views.reshape(-1))
    parameters.write_queue(_CAPACITY)
    head[layout.CALL_LOG], head[layout.CALL_CAPACITY] = (
        parameters.reserve(_CAPACITY * origin.CALL_WIDTH),
        _CAPACITY,
    )
    head[layout.TABLE] = parameters.write(np.full(2 * _TABLE, EMPTY))
    head[layout.TABLE_SIZE], head[layout.TOP] = _TABLE, parameters.top
    return with_space(parameters.memory(_CAPACITY * int(head[layout.TASK_WIDTH])), 0)[0]


def _code_of(layer: Layer) -> int:
    """Return the number of a kernel, which the layout gives it by its name."""
    name = kernel_of(type(layer)).rpartition(".")[2]
    code: int = getattr(layout, name.upper())
    return code


def _note_fast_path(path: Sequence[Layer], parameters: Parameters) -> None:
    """Say whether hits of the first layer can be completed when they arrive."""
    latency = path[0].plain_read
    if latency is None or parameters.head[layout.KEEPS_COPIES]:
        return
    parameters.levels[0, kv_read.LEAST_WRITE] = least_write_ns(path)
    is_drawn = not isinstance(latency, ReplayedLatency)
    parameters.head[layout.USES_FAST_PATH] = is_drawn
