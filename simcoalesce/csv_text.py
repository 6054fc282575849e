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
from io import StringIO, TextIOWrapper
from typing import IO, Any, Final

from typing_extensions import override

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\0]")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
CRLF: Final = "\r\n"


def csv_text(rows: Iterable[Sequence[Any]], *, is_guarded: bool = True) -> str:
    r"""Return rows as CSV: the same rows give the same bytes.

    Args:
        rows: Texts, or numbers where it is not guarded.
        is_guarded: Whether spreadsheets may open it.

    >>> csv_text([["point", "key"], ["-1", "=A1"], ["2", "a\rb"]])
    'point,key\n-1,\'=A1\n2,"a\rb"\n'
    """
    text = _CsvText()
    table = csv.writer(text, lineterminator=CRLF)
    if is_guarded:
        rows = ([guarded_cell(cell) for cell in row] for row in rows)
    table.writerows(rows)
    return text.getvalue()


class CsvFile(TextIOWrapper):
    """A file for lines that end with `CRLF`: each ends with a line feed alone.

    csv quotes a carriage return only where it is part of the end of a line (before
    Python 3.13), and readers take one without quotes for the end of a row.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Write into a file, in UTF-8."""
        super().__init__(file, encoding="utf-8", newline="")

    @override
    def write(self, line: str, /) -> int:
        return super().write(_ended(line))


class _CsvText(StringIO):
    @override
    def write(self, line: str, /) -> int:
        return super().write(_ended(line))


def _ended(line: str) -> str:
    return line.removesuffix(CRLF) + "\n"


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


def row_of(line: str, delimiter: str, *, is_strict: bool = True) -> list[str]:
    """Return the cells of one line, of any length; none of a blank one.

    Raises:
        ValueError: If it is no CSV: its quotes are broken.
    """
    with _cells_of_any_length():
        try:
            return next(csv.reader([line], delimiter=delimiter, strict=is_strict), [])
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
