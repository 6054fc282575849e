"""Delimited lines without a header: cells tell what they are."""

from collections.abc import Sequence
from typing import ClassVar, Final

from typing_extensions import override

from simcoalesce.logs.general_layout import layout_of_tokens
from simcoalesce.logs.layout import FieldWords, Layout
from simcoalesce.logs.line_pattern import LinePattern, line_pattern
from simcoalesce.logs.line_tokens import CellStyle
from simcoalesce.logs.log_format import TextFormat, text_parser

_DELIMITERS: Final = "|\t;,"
_FEWEST: Final = 2


class Delimited(TextFormat):
    """Cells between bars, tabs, semicolons or commas, as Bunny's CDN writes them.

    A time, a URL (or a request line), a status, a host, durations with a unit and cache
    statuses are found by what they look like.
    """

    kind: ClassVar[str] = "delimited"
    precedence: ClassVar[int] = 920
    expects: ClassVar[str] = "cells with a time and a URL, without a header"
    shape: ClassVar[str] = "cells with a time and a URL"
    source: ClassVar[str] = (
        "docs.bunny.net/docs/cdn-log-format: status, milliseconds since 1970, URL,"
        " between bars, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "HIT|200|1780660800000|512|390|192.0.2.7|-|https://shop.example/p/1|DE|ua|id|DE"
    )

    @classmethod
    @override
    def recognised_ratio(cls, lines: Sequence[str]) -> float:
        if _delimiter(lines) is None or _found(lines) is None:
            return 0.0
        return super().recognised_ratio(lines)

    @classmethod
    @override
    def layout(cls, lines: Sequence[str], words: FieldWords) -> Layout:
        found = _found(lines)
        if found is None:
            raise ValueError(f"there are no {cls.shape}")
        parser = text_parser(found.pattern, cls.shape, cls.ignores)
        return layout_of_tokens(cls.kind, parser, found)


def _delimiter(lines: Sequence[str]) -> str | None:
    """Return what is in most lines at least twice."""
    for delimiter in _DELIMITERS:
        if 2 * sum(line.count(delimiter) >= _FEWEST for line in lines) > len(lines):
            return delimiter
    return None


def _found(lines: Sequence[str]) -> LinePattern | None:
    delimiter = _delimiter(lines)
    return line_pattern(lines, CellStyle.of(delimiter)) if delimiter else None
