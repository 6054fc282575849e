"""Access lines: a time and a request among other tokens, in any order."""

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from simcoalesce.logs.general_layout import layout_of_tokens
from simcoalesce.logs.layout import FieldWords, Layout
from simcoalesce.logs.line_pattern import LinePattern, line_pattern
from simcoalesce.logs.log_format import TextFormat, text_parser

_COMBINED = frozenset({"time", "method", "url", "status"})


class AccessLine(TextFormat):
    """Lines as an nginx ``log_format`` or logfmt has them; tokens tell what they are.

    A time, a request line (or ``METHOD /path``), a status, a host, durations and cache
    statuses are found by what they look like, or by ``name=value``.
    """

    kind: ClassVar[str] = "access_line"
    precedence: ClassVar[int] = 50
    expects: ClassVar[str] = "lines with a time and a request"
    shape: ClassVar[str] = 'a line with a time and "METHOD /path HTTP/1.1"'
    source: ClassVar[str] = (
        "nginx.org/en/docs/http/ngx_http_log_module.html and"
        " nginx.org/en/docs/http/ngx_http_upstream_module.html#variables, read"
        " 2026-11-30"
    )
    example: ClassVar[str] = (
        '1780660800.130 192.0.2.7 shop.example "GET /p/1 HTTP/1.1" 200 0.130 MISS'
    )

    @classmethod
    @override
    def recognised_ratio(cls, lines: Sequence[str]) -> float:
        plain = [line for line in lines if line[0] != "{"]
        found = line_pattern(plain)
        if 2 * len(plain) < len(lines) or found is None or _is_combined(found):
            return 0.0
        if _begins_with_names(plain):
            return 0.0
        return super().recognised_ratio(lines)

    @classmethod
    @override
    def layout(cls, lines: Sequence[str], words: FieldWords) -> Layout:
        found = line_pattern(lines)
        if found is None:
            raise ValueError(f"there is no {cls.shape}")
        parser = text_parser(found.pattern, cls.shape, cls.ignores)
        return layout_of_tokens(cls.kind, parser, found)


def _is_combined(found: LinePattern) -> bool:
    """Whether it says no more than a line of the combined format."""
    says_more = bool(found.fields - _COMBINED) or bool(found.assumptions)
    return found.stamp_is_clf and not says_more


def _begins_with_names(lines: Sequence[str]) -> bool:
    """Whether the first line names the cells of those that follow, as a table does."""
    first, second = lines[0], lines[min(1, len(lines) - 1)]
    has_cells = any(0 < first.count(one) == second.count(one) for one in "\t,;")
    return has_cells and not any(map(str.isdigit, first))
