"""Table head: the columns of a table, told by its first lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simcoalesce.logs.layout import FieldWords
from simcoalesce.logs.table_parser import cells

_FIELDS_LINE: Final = "#Fields:"


@dataclass(frozen=True)
class TableHead:
    """The head of a table.

    Attributes:
        names: Its columns, in order.
        delimiter: Between its cells.
        skip: How many lines at the start of the file are no rows.
        ignores: A pattern of lines that are no rows.
    """

    names: tuple[str, ...]
    delimiter: str
    skip: int
    ignores: str = ""

    @classmethod
    def of(cls, lines: Sequence[str], words: FieldWords, delimiter: str) -> "TableHead":
        """Understand the first lines of a table."""
        named = next((one for one in lines if one.startswith(_FIELDS_LINE)), None)
        rows = [one for one in lines if one.strip() and not one.startswith("#")]
        if not rows:
            raise ValueError("there is no row")
        delimiter = words.delimiter or delimiter
        if named:
            delimiter = delimiter or ("\t" if "\t" in rows[0] else " ")
            return cls(tuple(named[len(_FIELDS_LINE) :].split()), delimiter, 0, "#")
        delimiter = delimiter or _delimiter(rows[0])
        first = [name.strip() for name in cells(rows[0], delimiter)]
        by_number = bool(words.columns) and all(
            column.isdecimal() for column in words.columns.values()
        )
        has_header = words.header if words.header is not None else not by_number
        if by_number:
            first = [str(number) for number in range(1, len(first) + 1)]
        skip = lines.index(rows[0]) + 1 if has_header else 0
        return cls(tuple(first), delimiter, skip)


def _delimiter(row: str) -> str:
    found = max("\t,;|", key=row.count)
    return found if found in row else (" " if " " in row.strip() else ",")
