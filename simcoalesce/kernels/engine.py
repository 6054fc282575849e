"""The door of the compiled engine: the same arguments and tables as `model.edge`."""

from collections.abc import Callable, Iterable, Sequence
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
from simcoalesce.kernels.loop import ROOM, finish, serve
from simcoalesce.kernels.program import Program, Row
from simcoalesce.kernels.queue import HEAP_WIDTH
from simcoalesce.kernels.table import EMPTY, move
from simcoalesce.kernels.words import (
    ANSWER_WIDTH,
    CALL_LOG,
    CALL_ROOM,
    CALLS,
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
    LIVE,
    LOCATIONS,
    MEMORY,
    NEXT_PUT,
    NOBODY,
    ORIGIN,
    PLACE,
    QUEUE,
    QUEUE_ROOM,
    QUEUED,
    READ_AT,
    RETRY,
    RUN_STACK,
    SINGLE_FLIGHT,
    SIZE,
    TABLE,
    TABLE_SIZE,
    TABLE_USED,
    TASK_WIDTH,
    TIMEOUT,
    TOP,
    USAGE,
    WAKING,
)
from simcoalesce.model.clock import Clock
from simcoalesce.model.edge import entrance, least_write_ns, sites
from simcoalesce.model.layer import Layer, Site
from simcoalesce.model.layers.kv_read import KvRead
from simcoalesce.model.recorder import Recorder
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests

Describe = Callable[[Any, Site, int, Program], None]

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

_COUNTED: Final = (
    "worker_requests",
    "kv_reads",
    "kv_writes",
    "kv_writes_refused",
    "object_requests",
    "object_active_ns",
    "object_peak_queue",
    "response_bytes",
)
"""Counted operations in the order of the machine's."""


def simulate(
    path: Sequence[Layer],
    stretches: Iterable[Requests],
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    cpu_ns: int = 0,
) -> Outcomes:
    """Send traffic through a path, and return what happened, as `model.edge` does."""
    recorder = Recorder()
    first = entrance(Clock(), recorder, seed=seed, keys=keys, locations=locations)
    m = _machine(path, first)
    rows = np.zeros((0, 1 + ANSWER_WIDTH), dtype=np.int64)
    kept: list[Requests] = []
    arrived = 0
    for stretch in stretches:
        kept.append(stretch)
        arrived += len(stretch)
        if arrived > len(rows):
            rows = _longer(rows, max(arrived, 2 * len(rows)))
        columns = np.stack(
            [stretch.key, stretch.location, stretch.isolate, stretch.arrived_at_ns]
        )
        done = serve(m, rows, stretch.first_id, columns, 0)
        while done < len(stretch):
            m = _with_room(m)
            done = serve(m, rows, stretch.first_id, columns, done)
    while not finish(m, rows):
        m = _with_room(m)
    for name, count in zip(
        _COUNTED, m[USAGE : USAGE + len(_COUNTED)].tolist(), strict=True
    ):
        setattr(recorder.usage, name, count)
    recorder.usage.worker_requests += arrived
    calls = m[m[CALL_LOG] :][: m[CALLS] * origin.CALL_WIDTH]
    return recorder.tables(
        Requests.joined(kept),
        answers=rows[:arrived],
        calls=calls.reshape(-1, origin.CALL_WIDTH),
        keys=keys,
        locations=locations,
        cpu_ns=cpu_ns,
    )


def _machine(path: Sequence[Layer], first: Site) -> Row:
    """Return the memory of a machine for a path, before anything happens."""
    keys, locations = len(first.keys), len(first.locations)
    program = Program(len(path), first.recorder, keys=keys, locations=locations)
    placed = list(enumerate(zip(path, sites(path, first), strict=True)))
    place = NOBODY
    for level, (layer, _) in placed:
        kind = KERNELS[layer.kind][0]
        program.parameters[level, KIND] = kind
        program.parameters[level, PLACE] = place
        place = level if kind == DURABLE_OBJECT else place
    # Names get their codes from the inside out, as in the other engine.
    for level, (layer, site) in reversed(placed):
        KERNELS[layer.kind][1](layer, site, level, program)
    _foresee(path, program)
    head = program.head
    head[KEYS], head[LOCATIONS], head[WAKING] = keys, locations, NOBODY
    head[TASK_WIDTH] = FRAMES + len(path) * FRAME_WIDTH
    head[LANE_COUNT] = LEVELS + 2 * len(path)
    head[LANES] = program.room(2 * int(head[LANE_COUNT]), NOBODY)
    head[RUN_STACK] = program.room(4 * len(path) + 4)
    head[NEXT_PUT] = program.room(keys)
    head[READ_AT] = program.room(keys * locations, NOBODY)
    head[INBOX] = program.write(_inbox(keys, locations))
    head[QUEUE], head[QUEUE_ROOM] = program.room(8 * ROOM * HEAP_WIDTH), 8 * ROOM
    head[CALL_LOG], head[CALL_ROOM] = (
        program.room(4 * ROOM * origin.CALL_WIDTH),
        4 * ROOM,
    )
    head[TABLE], head[TABLE_SIZE] = program.room(2 * 8 * ROOM, EMPTY), 8 * ROOM
    m = program.memory()
    m[TOP] = len(m)
    m, _ = _with_space(m, 0)
    return m


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


def _with_room(m: Row) -> Row:
    """Return the machine with more of whatever is short."""
    if m[QUEUED] + m[LIVE] + ROOM > m[QUEUE_ROOM]:
        m = _with_larger(m, QUEUE, QUEUE_ROOM, HEAP_WIDTH)
    if m[CALLS] + ROOM > m[CALL_ROOM]:
        m = _with_larger(m, CALL_LOG, CALL_ROOM, origin.CALL_WIDTH)
    if 2 * (m[TABLE_USED] + ROOM) > m[TABLE_SIZE]:
        size = 2 * int(m[TABLE_SIZE])
        m, place = _with_space(m, 2 * size)
        m[place : place + 2 * size] = EMPTY
        move(m, place, size)
    m, _ = _with_space(m, 0)
    return m


def _with_larger(m: Row, at: int, room: int, width: int) -> Row:
    """Return the machine with a region moved to where it has twice the room."""
    held = int(m[room]) * width
    m, place = _with_space(m, 2 * held)
    m[place : place + held] = m[m[at] : m[at] + held]
    m[at], m[room] = place, 2 * m[room]
    return m


def _with_space(m: Row, count: int) -> tuple[Row, int]:
    """Return the machine with some numbers taken from its free memory, and where."""
    place = int(m[TOP])
    needed = place + count + 2 * ROOM * int(m[TASK_WIDTH])
    if needed > len(m):
        m = _longer(m, max(needed, 2 * len(m)))
    m[TOP], m[SIZE] = place + count, len(m)
    return m, place


def _longer(array: Row, length: int) -> Row:
    longer = np.zeros((length, *array.shape[1:]), dtype=np.int64)
    longer[: len(array)] = array
    return longer
