"""Drawn phases: what the loop must know of `traffic.drawn_traffic` to draw requests."""

from fractions import Fraction

import numpy as np

from simcoalesce.compiled.capacity import with_space
from simcoalesce.compiled.coming import BLOCK
from simcoalesce.compiled.drawn_traffic import (
    CURVE,
    FRONT_LOADED,
    GRID,
    UNIFORM,
)
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.state import State
from simcoalesce.compiled.traffic_records import (
    AliasCell,
    AliasRecord,
    CurvePiece,
    PhaseRecord,
    TrafficRecord,
)
from simcoalesce.traffic.alias_table import AliasTable
from simcoalesce.traffic.drawn_instants import GridInstants, SpreadInstants
from simcoalesce.traffic.drawn_traffic import DrawnPhase, DrawnTraffic
from simcoalesce.traffic.rate_curve import PoissonInstants, RateCurve
from simcoalesce.traffic.unit_process import gap_ticks

_FOR_EVER = 1 << 62


def with_traffic(numbers: Row, drawn: DrawnTraffic) -> Row:
    """Return the state with what its requests are drawn from."""
    memory, routing = _Appended(State(numbers, 0).top), drawn.routing
    traffic = TrafficRecord(np.zeros(TrafficRecord.width, dtype=np.int64), 0)
    traffic.goes_on, traffic.gaps = True, memory.write(gap_ticks())
    stream = routing.location_stream.key
    _fill_table(traffic.locations, routing.locations, stream, memory)
    traffic.isolates, traffic.draws_isolates = routing.isolates, routing.draws_isolates
    traffic.isolate_stream = np.uint64(routing.isolate_stream.key)
    traffic.phases, width = len(drawn.phases), PhaseRecord.width
    records = np.zeros(traffic.phases * width, dtype=np.int64)
    traffic.first_phase = memory.write(records)
    for number, phase in enumerate(drawn.phases):
        record = PhaseRecord(records, number * width)
        _fill_table(record.keys, phase.table, drawn.key, memory)
        if phase.codes is not None:
            record.keys.codes = memory.write(phase.codes)
        if traffic.phases > 1:
            record.instants = memory.write(np.empty(BLOCK, dtype=np.int64))
        _fill_phase(record, phase, memory)
    numbers = memory.added(numbers)
    State(numbers, 0).traffic = traffic
    return numbers


class _Appended:
    """Numbers that come behind those of a state."""

    def __init__(self, top: int) -> None:
        self._top = top
        self._parts: list[Row] = []

    def write(self, part: Row) -> int:
        """Return where some numbers will be; they may still change."""
        self._parts.append(part)
        self._top += len(part)
        return self._top - len(part)

    def added(self, numbers: Row) -> Row:
        """Return the state with all of them."""
        together = np.concatenate(self._parts)
        numbers, first = with_space(numbers, len(together))
        numbers[first : first + len(together)] = together
        return numbers


def _fill_table(
    record: AliasRecord, table: AliasTable, stream: int, memory: _Appended
) -> None:
    record.count, record.stream = len(table), np.uint64(stream)
    cells = np.column_stack([table.threshold.view(np.int64), table.alias])
    assert cells.shape[1] == AliasCell.width, "a threshold, and an alias"
    record.cells = memory.write(cells.ravel())


def _fill_phase(record: PhaseRecord, phase: DrawnPhase, memory: _Appended) -> None:
    record.begins_ns, record.ends_ns = phase.at_ns, phase.ends_ns
    record.requests, record.turns = _FOR_EVER, 1
    match phase.instants:
        case PoissonInstants(curve=curve, stream=stream):
            record.form, record.stream = CURVE, np.uint64(stream.key)
            _fill_curve(record, curve, memory)
        case GridInstants(step_ns=step_ns, count=count):
            record.requests = _FOR_EVER if count is None else count
            _fill_grid(record, step_ns)
        case SpreadInstants() as burst:
            _fill_bursts(record, burst)


def _fill_curve(record: PhaseRecord, curve: RateCurve, memory: _Appended) -> None:
    columns = (curve.area[:-1], curve.rate, curve.slope, curve.starts_ns, curve.ends_ns)
    pieces = np.column_stack(columns)
    assert pieces.shape[1] == CurvePiece.width, "a number for each field"
    record.piece = memory.write(pieces.view(np.int64).ravel())
    record.last_piece = record.piece + (len(pieces) - 1) * CurvePiece.width
    record.area = curve.requests
    record.latest_ns = int(np.ceil(curve.ends_at_ns)) - 1


def _fill_grid(record: PhaseRecord, step_ns: Fraction) -> None:
    record.form, record.denominator = GRID, step_ns.denominator
    record.whole, record.part = divmod(step_ns.numerator, step_ns.denominator)


def _fill_bursts(record: PhaseRecord, bursts: SpreadInstants) -> None:
    starts_ns, record.stream = bursts.starts_ns, np.uint64(bursts.stream.key)
    record.every_ns = starts_ns[1] - starts_ns[0] if len(starts_ns) > 1 else 0
    record.begins_ns -= record.every_ns
    record.turns, record.requests = len(starts_ns), bursts.requests
    # One more than the draws of a burst is passed over before each of them.
    record.draws, record.within_ns = -1, bursts.within_ns
    if bursts.shape == "even":
        _fill_grid(record, bursts.step_ns)
    else:
        record.form = FRONT_LOADED if bursts.shape == "front_loaded" else UNIFORM
