"""CSV that every reader takes for the same rows, and no spreadsheet for formulas.

A text that begins as a formula does has an apostrophe before it, which `read_rows`
takes away again. Numbers are left as they are.

Source:
    RFC 4180; OWASP ASVS 5.0.0, 1.2.10, and owasp.org/www-community/attacks/
    CSV_Injection, which adds the carriage return; read 2026-11-30.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\0]")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_CRLF: Final = "\r\n"


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    r"""Return rows as CSV: the same rows give the same bytes.

    >>> csv_text([["point", "key"], ["-1", "=A1"], ["2", "a\rb"]])
    'point,key\n-1,\'=A1\n2,"a\rb"\n'
    """
    text = StringIO()
    # It quotes a carriage return only where that is part of the end of a line.
    table = csv.writer(_Lines(text), lineterminator=_CRLF)
    table.writerows([guarded_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


class _Lines:
    """Ends each line with a line feed alone."""

    def __init__(self, file: StringIO) -> None:
        self._file = file

    def write(self, line: str) -> None:
        self._file.write(line.removesuffix(_CRLF) + "\n")


def read_rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield the rows that `csv_text` was given; blank lines are none.

    Args:
        lines: Lines with their ends; cells may be of any length.

    Raises:
        ValueError: If they are no CSV, e.g. cut within a quoted cell.
    """
    with _cells_of_any_length():
        try:
            for row in csv.reader(lines, strict=True):
                if row:
                    yield [plain_cell(cell) for cell in row]
        except csv.Error as error:
            raise ValueError(str(error)) from error


@contextmanager
def _cells_of_any_length() -> Iterator[None]:
    usual = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def guarded_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    is_formula = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def plain_cell(text: str) -> str:
    """Return what a cell was before `guarded_cell`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
