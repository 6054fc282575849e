"""Recorded durations: what a file of measurements holds."""

import csv
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Final

from simcoalesce.units import NS_PER_S, parse_duration

LONGEST_NS: Final = 30 * 86_400 * NS_PER_S
"""No duration of the model is longer than this."""

_NS_PER_COLUMN_UNIT: Final = {"s": NS_PER_S, "ms": 1_000_000, "us": 1_000, "ns": 1}


def recorded_durations_ns(path: Path) -> list[int]:
    """Read durations from a CSV, in nanoseconds.

    The file has a column named ``latency_s``, ``t_ms`` or the like (any name that
    ends in ``_s``, ``_ms``, ``_us`` or ``_ns``), or one duration with a unit a line.

    Raises:
        ValueError: If there is no such column, no row, or a row that is no duration.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        units = [name.strip().rpartition("_")[2] for name in header]
        timed = [i for i, unit in enumerate(units) if unit in _NS_PER_COLUMN_UNIT]
        column = timed[0] if timed else 0
        read = _reader(units[column]) if timed else parse_duration
        lines = rows if timed else chain([header], rows)
        durations = [
            _duration_at(path, number, row, column, read)
            for number, row in enumerate(lines, 2 if timed else 1)
            if row
        ]
    if not durations:
        raise ValueError(f"{path.name} holds no duration")
    return durations


def _reader(unit: str) -> Callable[[object], int]:
    return lambda text: round(float(str(text)) * _NS_PER_COLUMN_UNIT[unit])


def _duration_at(
    path: Path, number: int, row: list[str], column: int, read: Callable[[object], int]
) -> int:
    try:
        duration = read(row[column])
    except (ValueError, IndexError, OverflowError) as error:
        raise ValueError(f"{path.name}:{number}: {error}") from error
    if not 0 <= duration <= LONGEST_NS:
        raise ValueError(f"{path.name}:{number}: {row[column]} is out of range")
    return duration
