"""Drawn traffic: the requests of `traffic.Traffic`, drawn in the loop, block by block.

The draws are the same, and so are the sums and quotients, operation by operation.
"""

from typing import Final

import numpy as np

from simcoalesce.compiled.coming import BLOCK, column
from simcoalesce.compiled.draws import bits, quantile, uniform
from simcoalesce.compiled.event_queue import NO_INSTANT
from simcoalesce.compiled.kernel import Word, inner
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import State
from simcoalesce.compiled.traffic_records import (
    AliasCell,
    AliasRecord,
    CurvePiece,
    PhaseRecord,
)
from simcoalesce.traffic.unit_process import TICKS

# How instants follow from draws.
UNIFORM, FRONT_LOADED, CURVE, GRID = range(4)

_LEAST: Final = float(np.finfo(np.float64).tiny)


@inner
def draw_block(m: State) -> bool:
    """Hand the loop the next requests, if it may have more; say if there are any."""
    traffic = m.traffic
    most = min(BLOCK, traffic.most - m.first_request - m.handed)
    if most == 0:
        return False
    m.first_request += m.handed
    if traffic.phases == 1:
        m.handed = _draw_instants(m, _phase(m, 0), m.coming, most)
    else:
        m.handed = _merge(m, most)
    m.came, traffic.goes_on = 0, m.handed == most
    if m.handed == 0:
        return False
    m.latest = m[m.coming + m.handed - 1]
    # Of several phases, the column of keys says so far whose the requests are.
    if m.keys > 1 or traffic.phases > 1:
        _draw_keys(m)
    if m.locations > 1:
        first = column(m, 2)
        for index in range(m.handed):
            request = m.first_request + index
            m[first + index] = _choose(m, traffic.locations, request)
    return True


@inner
def _draw_keys(m: State) -> None:
    keys, phase = column(m, 1), _phase(m, 0)
    for index in range(m.handed):
        if m.traffic.phases > 1:
            phase = PhaseRecord(m, m[keys + index])
        m[keys + index] = _choose(m, phase.keys, m.first_request + index)


@inner
def _choose(m: State, table: AliasRecord, request: int) -> int:
    """Return what a request gets from an alias table."""
    index = 0
    if table.count > 1:
        scaled = uniform(table.stream, request, 0) * table.count
        index = int(scaled)
        cell = AliasCell(m, table.cells + index * AliasCell.width)
        if scaled - index >= cell.threshold:
            index = cell.alias
    return m[table.codes + index] if table.codes else index


@inner
def _phase(m: State, number: int) -> PhaseRecord:
    return PhaseRecord(m, m.traffic.first_phase + number * PhaseRecord.width)


@inner
def _merge(m: State, most: int) -> int:
    """Write the next instants of all phases, and whose they are; return how many."""
    keys = column(m, 1)
    for made in range(most):
        first, instant = NOBODY, NO_INSTANT
        for number in range(m.traffic.phases):
            phase = _phase(m, number)
            if phase.taken == phase.made:
                phase.made = _draw_instants(m, phase, phase.instants, BLOCK)
                phase.taken = 0
            if phase.made and m[phase.instants + phase.taken] < instant:
                first, instant = phase.at, m[phase.instants + phase.taken]
        if first == NOBODY:
            return made
        PhaseRecord(m, first).taken += 1
        m[m.coming + made], m[keys + made] = instant, first
    return most


@inner
def _draw_instants(m: State, phase: PhaseRecord, at: int, most: int) -> int:
    """Write the next instants of a phase somewhere; return how many there are."""
    made = 0
    while made < most and (phase.left or phase.turns):
        if phase.left == 0:
            _begin_burst(m, phase)
        count = min(most - made, phase.left)
        phase.left -= count
        if phase.form == CURVE:
            _under_curve(m, phase, at + made, count)
        elif phase.form == GRID:
            _on_grid(m, phase, at + made, count)
        else:
            _in_burst(m, phase, at + made, count)
        while count and m[at + made + count - 1] >= phase.ends_ns:
            phase.left, phase.turns, count = 0, 0, count - 1
        made += count
    return made


@inner
def _begin_burst(m: State, phase: PhaseRecord) -> None:
    """Begin the next burst, or the only one."""
    phase.turns -= 1
    phase.begins_ns += phase.every_ns
    phase.left = phase.requests
    phase.rest, phase.reached_ns, phase.ticks, phase.total = 0, 0, 0, 0
    if phase.form < CURVE:
        # The draws of a burst are one more than its requests.
        phase.draws += 1
        phase.total = _sum_of_gaps(m, phase.stream, phase.draws, phase.requests + 1)


@inner
def _sum_of_gaps(m: State, stream: Word, first: int, count: int) -> int:
    """Return the sum of some gaps; names are quicker than fields of records."""
    gaps, total = m.traffic.gaps, 0
    for draw in range(first, first + count):
        total += quantile(m, gaps, bits(stream, draw, 0))
    return total


@inner
def _gap(m: State, stream: Word, draw: int) -> int:
    """Return a gap of the Poisson process of rate one, in ticks."""
    return quantile(m, m.traffic.gaps, bits(stream, draw, 0))


@inner
def _in_burst(m: State, phase: PhaseRecord, at: int, count: int) -> None:
    """Write the next instants of a burst, as `Burst` does."""
    ticks, total, last_ns = phase.ticks, max(phase.total, 1), phase.within_ns - 1
    gaps, stream, draws = m.traffic.gaps, phase.stream, phase.draws
    begins_ns, within_ns, last_ns = phase.begins_ns, phase.within_ns, max(last_ns, 0)
    squares = phase.form == FRONT_LOADED
    for index in range(count):
        ticks += quantile(m, gaps, bits(stream, draws + index, 0))
        placed = ticks / total
        if squares:
            placed = placed * placed
        m[at + index] = begins_ns + min(int(placed * within_ns), last_ns)
    phase.ticks, phase.draws = ticks, draws + count


@inner
def _under_curve(m: State, phase: PhaseRecord, at: int, count: int) -> None:
    """Write the next instants under a curve, as `RateCurve` does."""
    ticks, instant = phase.ticks, phase.reached_ns
    for index in range(count):
        ticks += _gap(m, phase.stream, phase.draws + index)
        instant = max(instant, _reached_ns(m, phase, ticks / TICKS))
        m[at + index] = phase.begins_ns + instant
    phase.ticks, phase.draws = ticks, phase.draws + count
    phase.reached_ns = instant


@inner
def _reached_ns(m: State, phase: PhaseRecord, area: float) -> int:
    """Return when the area under a curve is so large, if it ever is."""
    if area >= phase.area:
        return phase.ends_ns
    piece = CurvePiece(m, phase.piece)
    while piece.at < phase.last_piece:
        after = CurvePiece(m, piece.at + CurvePiece.width)
        if area < after.area:
            break
        phase.piece, piece = after.at, after
    left = area - piece.area
    reached = np.sqrt(max(piece.rate * piece.rate + 2 * piece.slope * left, 0.0))
    left = left * 2 / max(piece.rate + reached, _LEAST) + piece.starts_ns
    return min(int(np.rint(min(left, piece.ends_ns))), phase.latest_ns)


@inner
def _on_grid(m: State, phase: PhaseRecord, at: int, count: int) -> None:
    """Write the next of instants at equal distances, as `traffic.grid` does."""
    for index in range(count):
        m[at + index] = phase.begins_ns + phase.reached_ns
        phase.reached_ns += phase.whole
        phase.rest += phase.part
        if phase.rest >= phase.denominator:
            phase.rest -= phase.denominator
            phase.reached_ns += 1
