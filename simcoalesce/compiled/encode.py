"""Encoding: from the layers of a path to the initial state of the engine."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from simcoalesce.compiled import kv
from simcoalesce.compiled.call_log import Call
from simcoalesce.compiled.capacity import MARGIN, with_space
from simcoalesce.compiled.event_queue import LEVELS, NO_INSTANT
from simcoalesce.compiled.hash_table import EMPTY, Slot
from simcoalesce.compiled.layer_kernels import LAYERS, frame_width, level_record
from simcoalesce.compiled.layers.kv_read import KvReadLevel
from simcoalesce.compiled.parameters import Parameters, Row, own_fields
from simcoalesce.compiled.queue_records import Fifo
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import Level, Task
from simcoalesce.distribution import ReplayedLatency
from simcoalesce.model.contexts import in_tiers
from simcoalesce.model.fast_path import least_write_ns
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.scope import Scope
from simcoalesce.model.worker_runs import last_cache_before_worker
from simcoalesce.randomness import Stream

_CAPACITY: Final = 32 * MARGIN
"""How many requests may be under way, and calls be made, before the state grows."""
_SLOTS: Final = 8 * MARGIN


class InitialState(NamedTuple):
    """The state of the engine for a path, before anything happens.

    Attributes:
        numbers: The state.
        names: Of what serves requests, in the order of their codes.
        counters: Where it counts events of layers, by their units.
        streams: Those whose keys are in it.
    """

    numbers: Row
    names: Sequence[str]
    counters: Mapping[str, Sequence[int]]
    streams: Sequence[Stream]


def initial_state(path: Sequence[Layer], first: LayerContext) -> InitialState:
    """Return the state of the engine for a path, before anything happens."""
    tiers = in_tiers(path, first)
    path = [layer for layer, _ in tiers]
    owns = [level_record(type(layer)) for layer in path]
    parameters = Parameters(owns, first.recorder, locations=len(first.locations))
    state = parameters.state
    state.keys, state.locations = len(first.keys), len(first.locations)
    last_cache = last_cache_before_worker(path)
    state.task_width, around = Task.width, Level(state, NOBODY)
    for index, (layer, own) in enumerate(zip(path, parameters.levels, strict=True)):
        own.kind, own.number = LAYERS.number_of(type(layer)), index
        own.frame, own.is_bypassed = state.task_width, layer.is_bypassed
        own.object_level, own.is_worker = around, index - 1 == last_cache
        # Who streams awaits headers alone; if the origin has no body, that is all.
        streams = layer.streams and path[-1].streams
        own.is_streamed = index > 0 and path[-1].streams and path[index - 1].streams
        own.completes = streams and not own.is_streamed
        own.returns = layer.resumptions if around and not own.is_streamed else 0
        state.task_width += frame_width(type(layer))
        around = own if layer.scope is Scope.OBJECT else around
    kv.begin(parameters)
    # Names get their codes from the inside out, as in the other engine.
    for own, (layer, context) in reversed(
        [*zip(parameters.levels, tiers, strict=True)]
    ):
        _fill(own, layer, context, parameters)
    _note_fast_path(path, parameters)
    _reserve(parameters)
    memory = parameters.memory(_CAPACITY * state.task_width)
    numbers = with_space(memory, 0)[0]
    of_streams = parameters.counters, parameters.streams
    return InitialState(numbers, parameters.names, *of_streams)


def _fill(
    own: Level, layer: Layer, context: LayerContext, parameters: Parameters
) -> None:
    """Write what a level is told: by the names of the layer's fields, then the rest."""
    parameters.fill(own, layer, own_fields(type(own), Level))
    given = {"layer": layer, "context": context, "parameters": parameters}
    LAYERS.fill(type(layer), own=own, **given)


def _reserve(parameters: Parameters) -> None:
    """Write the queue, the log of calls and the table, which are empty."""
    state, levels = parameters.state, len(parameters.levels)
    state.again = NOBODY
    waits = LEVELS + 2 * levels
    state.fifos = parameters.write([NOBODY, NOBODY, NO_INSTANT] * waits)
    state.fifo_numbers = parameters.write([NOBODY] * waits)
    assert Fifo.width == 3, "ends, and an instant"
    state.run_stack = parameters.reserve(4 * levels + 4)
    parameters.write_heap(_CAPACITY)
    state.call_log = parameters.reserve(_CAPACITY * Call.width)
    state.call_capacity = _CAPACITY
    state.table = parameters.write(np.full(_SLOTS * Slot.width, EMPTY))
    state.table_size, state.top = _SLOTS, parameters.top


def _note_fast_path(path: Sequence[Layer], parameters: Parameters) -> None:
    """Say whether hits of the first layer can be completed when they arrive."""
    latency, state = path[0].plain_read, parameters.state
    if latency is None or state.kv.keeps_copies:
        return
    reads = KvReadLevel(state, parameters.levels[0].at)
    reads.least_write_ns = least_write_ns(path)
    state.uses_fast_path = not isinstance(latency, ReplayedLatency)
