"""Tokens of lines: words between blanks, or cells between delimiters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, NamedTuple

from typing_extensions import override

from simcoalesce.logs.table_parser import cells

QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
VALUE: Final = r'[^\s",]*(?:, [\d.-]+)*'
_TOKEN: Final = re.compile(
    rf"(?P<name>[A-Za-z_@][\w.@-]*)=(?P<value>{QUOTED}|{VALUE})"
    rf"|\[[^\]]*\]|{QUOTED}|\S+"
)
_SKIPPED: Final = {"[": r"\[[^\]]*\]", '"': QUOTED}
_WITHIN: Final = {"[": (r"\[", r"[^\]]+", r"\]"), '"': ('"', '[^"]*', '"')}


_MOST_BRACKETS: Final = 500
"""A line with more of them is no entry, and takes long to read."""


class LineToken(NamedTuple):
    """A word, with its quotes or brackets, or what stands behind ``name=``."""

    name: str
    written: str

    @property
    def value(self) -> str:
        """What is within quotes or brackets."""
        return self.written.strip('"[]')


@dataclass(frozen=True)
class TokenStyle:
    """Words between blanks; a text in quotes or brackets is one, and ``name=value``."""

    separator: str = r"\s+"
    request: str = r'"(?P<method>[A-Za-z-]+) (?P<url>(?:[^ "\\]|\\.)+)(?: [^"]*)?"'
    """A pattern of a request line."""

    def tokens(self, line: str) -> list[LineToken]:
        """Return the tokens of a line; none of one that is no entry."""
        if line.count("[") > _MOST_BRACKETS:
            return []
        return [
            LineToken(one["name"] or "", one["value"] if one["name"] else one[0])
            for one in _TOKEN.finditer(line)
        ]

    def group(self, column: Sequence[LineToken], name: str) -> str:
        """Return a group for the tokens of a column, within quotes or brackets."""
        before, inside, after = _WITHIN.get(column[0].written[:1], ("", r"\S+", ""))
        return f"{before}(?P<{name}>{inside}){after}"

    def skipped(self, column: Sequence[LineToken]) -> str:
        """Return a pattern of tokens that are not read."""
        kinds = {
            one.written[0] if one.written[:1] in _SKIPPED else "" for one in column
        }
        if len(kinds) > 1:
            return rf"(?>\[[^\]]*\](?!\S)|{QUOTED}(?!\S)|\S+)"
        return _SKIPPED.get(kinds.pop(), r"\S+")


BLANKS: Final = TokenStyle()


@dataclass(frozen=True)
class CellStyle(TokenStyle):
    """Cells between delimiters, without a header."""

    delimiter: str = "|"

    @classmethod
    def of(cls, delimiter: str) -> "CellStyle":
        """Return the style of a delimiter."""
        end = rf'[^"{re.escape(delimiter)}]*'
        request = rf'"?(?P<method>[A-Za-z-]+) (?P<url>[^ "]+)(?: {end})?"?'
        return cls(rf" ?{re.escape(delimiter)} ?", request, delimiter)

    @override
    def tokens(self, line: str) -> list[LineToken]:
        try:
            return [LineToken("", cell.strip()) for cell in cells(line, self.delimiter)]
        except ValueError:
            return []

    @override
    def group(self, column: Sequence[LineToken], name: str) -> str:
        inside = rf'[^"{re.escape(self.delimiter)}\]]'
        return rf'"?\[?(?P<{name}>(?:{inside}*(?!\s){inside})?)\]?"?'

    @override
    def skipped(self, column: Sequence[LineToken]) -> str:
        end = re.escape(self.delimiter)
        return rf'(?>"(?:[^"]|"")*"(?= ?{end}|$)|[^{end}]*)'


def by_position(rows: Sequence[Sequence[LineToken]]) -> list[list[LineToken]]:
    """Return the tokens without a name that come before the first with one."""
    plain = [list(takewhile(lambda one: not one.name, row)) for row in rows]
    count = min(map(len, plain), default=0)
    return [[row[index] for row in plain] for index in range(count)]


def by_token_name(rows: Sequence[Sequence[LineToken]]) -> dict[str, list[str | None]]:
    """Return the tokens with a name, each with what the lines say."""
    names = dict.fromkeys(one.name for row in rows for one in row if one.name)
    tables = [{one.name: one.value for one in row} for row in rows]
    return {name: [table.get(name) for table in tables] for name in names}
