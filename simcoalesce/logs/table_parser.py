"""Table parser: the cells of each line, by the names of their columns."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from typing_extensions import override

from simcoalesce.csv_text import plain_cell, row_of
from simcoalesce.logs.line_parser import LineParser, Rows

JOINED: Final = re.compile(r"\{([^{}]+)\}")
"""A column in a template such as ``{date} {time}``."""


@dataclass(frozen=True)
class TableParser(LineParser):
    """Cells between delimiters; each line stands for itself, also within quotes.

    Attributes:
        names: The columns in order.
        delimiter: One character, or a blank for any number of blanks and tabs.
        is_guarded: Whether texts that begin as formulas have an apostrophe before.
    """

    names: tuple[str, ...] = ()
    delimiter: str = ","
    is_guarded: bool = False

    @cached_property
    def _values(self) -> Callable[[Sequence[str]], tuple[Any, ...]]:
        index = {name: number for number, name in enumerate(self.names)}
        read = [_cell_reader(column, index) for column in self.fields.values()]
        return lambda row: tuple([cell(row) for cell in read])

    @override
    def has(self, name: str) -> bool:
        return name in self.names

    @override
    def row(self, line: str) -> tuple[Any, ...]:
        """Return what the columns hold."""
        found = cells(line, self.delimiter)
        if len(found) != len(self.names):
            raise ValueError(f"{len(found)} columns instead of {len(self.names)}")
        values = self._values(found)
        return tuple(map(plain_cell, values)) if self.is_guarded else values

    @override
    def _rows(self, lines: Sequence[str]) -> Rows:
        is_guarded = self.is_guarded and any("'" in line for line in lines)
        if is_guarded or any('"' in line for line in lines):
            return super()._rows(lines)
        count, values = len(self.names), self._values
        found = [cells(line, self.delimiter) for line in lines]
        wrong = [index for index, row in enumerate(found) if len(row) != count]
        return [values(row) for row in found if len(row) == count], wrong


def _cell_reader(
    column: str, index: Mapping[str, int]
) -> Callable[[Sequence[str]], Any]:
    if column in index:
        number = index[column]
        return lambda row: row[number]
    # Between the names is what joins them.
    first, *parts = JOINED.split(column)
    joined = [
        (index[name], end) for name, end in zip(parts[::2], parts[1::2], strict=True)
    ]
    return lambda row: first + "".join(row[number] + end for number, end in joined)


def cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line.

    Raises:
        ValueError: If its quotes are broken.
    """
    if '"' not in line:
        return line.split() if delimiter == " " else line.split(delimiter)
    try:
        return row_of(line, delimiter)
    except ValueError as error:
        raise ValueError(f"not CSV: {error}") from error
