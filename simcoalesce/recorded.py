"""Recorded durations: what a file of measurements holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from simcoalesce.confinement import content_hidden
from simcoalesce.csv_text import row_of
from simcoalesce.logs.cache_status import NOT_LOGGED
from simcoalesce.logs.field_names import NS_PER_UNIT, known_name, unit_in_name
from simcoalesce.logs.layout_choice import chosen_layout
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from simcoalesce.logs.sources import blocks
from simcoalesce.run_bounds import LONGEST_DRAW_NS
from simcoalesce.spec import InputFile, Spec
from simcoalesce.units import parse_duration

_DELIMITERS: Final = ",;\t|"
_TIMES: Final = ("time", "start", "end")
_FEW_ROWS: Final = 8
_TABLE: Final = "csv"
_COLUMNS: Final = {"duration": "duration_ns", "origin_duration": "origin_ns"}
"""Standard fields of a log that are durations, and its columns."""


Rows = list[tuple[int, list[str]]]
"""The number of a line, and its cells."""

Reader = Callable[[str], int]
"""A cell as whole nanoseconds; a ValueError where it is no duration."""


class RecordedDurations(Spec):
    """Durations that a file holds: a table, a log, or one with a unit a line."""

    column: Annotated[str, Field(min_length=1)] | None = None
    """Which column of a table, or ``duration`` or ``origin_duration`` of a log; by
    default the one whose name says so, or the only one with a unit."""
    unit: Literal["s", "ms", "us", "ns"] | None = None
    """What numbers count, if the column's name does not say it."""

    def durations_ns(self, file: InputFile) -> list[int]:
        """Return the durations of a file, as `recorded_durations_ns` does."""
        column, unit = self.column or "", self.unit or ""
        with content_hidden(file.written):
            return recorded_durations_ns(file.path, column=column, unit=unit)


def recorded_durations_ns(path: Path, *, column: str = "", unit: str = "") -> list[int]:
    """Return the durations in the order of a file, plain or compressed, in ns.

    A table has a header and one column of durations: its name says so (``latency_ms``,
    ``elapsed``), or it is the only one with a unit (any name that ends in ``_s``,
    ``_ms``, ``_us`` or ``_ns``). A log that is recognised says how long its requests
    took. A list has one duration with a unit a line.

    Raises:
        ValueError: If it is not certain which durations are meant, or if there is no
            row, or a row that is no duration.
    """
    file = InputFile(written=path.name, path=path)
    if _is_log(file):
        return _logged_durations_ns(file, column)
    rows = _rows(file)
    if not rows:
        raise ValueError(f"{file} holds no duration")
    if not column and not _is_header(rows[0][1]):
        return _durations(file, rows, 0, _of_unit(unit) if unit else _written)
    table = _Table(str(file), [name.strip() for name in rows[0][1]], rows[1:])
    index = table.index_of(column)
    return _durations(file, table.rows, index, table.reader(index, unit))


def _is_log(file: InputFile) -> bool:
    """Whether a file is a log of a format that says itself what its fields are."""
    try:
        layout = chosen_layout(file, next(blocks(file), None), LogSpec(file=(file,)))
    except ValueError:
        return False
    return layout.kind != _TABLE


def _logged_durations_ns(file: InputFile, name: str) -> list[int]:
    log = read_log(LogSpec(file=(file,)), columns=_COLUMNS.values())
    if name and name not in _COLUMNS:
        raise ValueError(
            f"{file} is {log.format}: its durations are {' and '.join(_COLUMNS)}, not"
            f' "{name}"'
        )
    found = {
        field: known
        for field, column in _COLUMNS.items()
        if len(known := _known(getattr(log, column)))
    }
    if name:
        found = {name: found.get(name, [])}
    if len(found) > 1:
        raise ValueError(
            f"{file} says how long requests took, and how long the origin took; write"
            f" {{empirical: {file}, column: duration}} or column: origin_duration"
        )
    durations = next(iter(found.values()), [])
    if not durations:
        raise ValueError(f"{file} ({log.format}) holds no duration")
    return durations


def _known(durations_ns: NDArray[np.int64]) -> list[int]:
    known: list[int] = durations_ns[durations_ns != NOT_LOGGED].tolist()
    return known


def _rows(file: InputFile) -> Rows:
    lines = _lines(file)
    delimiter = max(_DELIMITERS, key=lines[0][1].count) if lines else ","
    return [
        (number, row_of(line, delimiter, is_strict=False)) for number, line in lines
    ]


def _lines(file: InputFile) -> list[tuple[int, str]]:
    """Return the lines that are not blank, with their numbers."""
    found = []
    for block in blocks(file):
        texts = block.content.decode(errors="backslashreplace").split("\n")
        lines = (
            (block.first + index, text.strip()) for index, text in enumerate(texts)
        )
        found += [(number, text) for number, text in lines if text]
    return found


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a first line names columns: a name has no digit in front."""
    return all(cell.strip() and not cell.strip()[0].isdigit() for cell in cells) and (
        len(cells) > 1
        or known_name(cells[0]) is not None
        or bool(unit_in_name(cells[0]))
    )


@dataclass(frozen=True)
class _Table:
    """A table of measurements.

    Attributes:
        file: How messages call it.
        names: Those of the columns.
    """

    file: str
    names: list[str]
    rows: Rows

    def index_of(self, name: str) -> int:
        """Return the column that holds durations.

        Raises:
            ValueError: If there is none, or if several could be it.
        """
        if name:
            if name in self.names:
                return self.names.index(name)
            there = ", ".join(self.names)
            raise ValueError(
                f'{self.file} has no column "{name}"; there are: {there:.200}'
            )
        for found in (self._called_durations(), self._with_units()):
            if len(found) == 1:
                return found[0]
            if found:
                raise self._uncertain(found)
        return self._only_time()

    def _called_durations(self) -> list[int]:
        return self._where(lambda name: _field_of(name) == "duration")

    def _with_units(self) -> list[int]:
        return self._where(
            lambda name: bool(unit_in_name(name)) and _field_of(name) not in _TIMES
        ) or self._where(lambda name: _field_of(name) == "origin_duration")

    def _only_time(self) -> int:
        """Return the one column of times, if they can be durations.

        Instants of arrival never fall; of eight durations that is so once in 40,000.
        """
        found = self._where(lambda name: bool(unit_in_name(name)))
        if len(found) != 1:
            raise self._uncertain(found or list(range(len(self.names))))
        values = [row[found[0]] for _, row in self.rows if len(row) > found[0]]
        if len(values) >= _FEW_ROWS and _never_fall(values):
            name = self.names[found[0]]
            raise ValueError(
                f'"{name}" of {self.file} looks like instants of arrival: it never'
                f" falls; if it holds durations, write column: {name}"
            )
        return found[0]

    def _where(self, is_it: Callable[[str], bool]) -> list[int]:
        return [index for index, name in enumerate(self.names) if is_it(name)]

    def _uncertain(self, found: list[int]) -> ValueError:
        names = [self.names[index] for index in found]
        return ValueError(
            f"{self.file} does not say which column holds the durations:"
            f" {', '.join(names):.200}; write e.g. {{empirical: {self.file},"
            f" column: {names[0]}}}"
        )

    def reader(self, index: int, unit: str) -> Reader:
        """Return what reads the cells of a column.

        Raises:
            ValueError: If its numbers have no unit.
        """
        name = self.names[index]
        known = known_name(name)
        unit = unit or unit_in_name(name) or (known.unit if known else "")
        first = next((row[index] for _, row in self.rows if len(row) > index), "")
        if unit:
            return _of_unit(unit)
        if _is_number(first):
            raise ValueError(
                f'{self.file} does not say what the numbers of "{name}" count; write'
                f" e.g. {{empirical: {self.file}, column: {name}, unit: ms}}"
            )
        return _written


def _field_of(name: str) -> str:
    known = known_name(name)
    return known.field if known else ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _never_fall(values: Sequence[str]) -> bool:
    try:
        numbers = [float(value) for value in values]
    except ValueError:
        return False
    return all(one <= other for one, other in pairwise(numbers))


def _written(text: str) -> int:
    return parse_duration(text.strip())


def _of_unit(unit: str) -> Reader:
    return lambda text: round(float(text) * NS_PER_UNIT[unit])


def _durations(file: InputFile, rows: Rows, index: int, read: Reader) -> list[int]:
    if not rows:
        raise ValueError(f"{file} holds no duration")
    return [_duration_at(file, number, row, index, read) for number, row in rows]


def _duration_at(
    file: InputFile, number: int, row: list[str], index: int, read: Reader
) -> int:
    try:
        duration = read(row[index])
    except (ValueError, IndexError, OverflowError) as error:
        raise ValueError(f"{file}:{number}: {error}") from error
    if not 0 <= duration <= LONGEST_DRAW_NS:
        raise ValueError(f"{file}:{number}: {row[index]} is out of range")
    return duration
