"""Tables with a header: columns of any names, told by names and values."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from typing_extensions import override

from simcoalesce.logs.field_names import known_name
from simcoalesce.logs.general_layout import (
    chosen_fields,
    table_samples,
    with_choice,
)
from simcoalesce.logs.layout import FieldWords, Layout
from simcoalesce.logs.log_format import TableFormat
from simcoalesce.logs.table_head import TableHead
from simcoalesce.logs.table_parser import TableParser

_ASKED_FOR = frozenset({"key", "url", "path", "request"})


class Csv(TableFormat):
    """Cells between commas, semicolons, tabs or bars; quotes are those of CSV.

    Names such as ``t_s``, ``t_ms``, ``t_us`` and ``t_ns`` are instants of the run.
    Each line stands for itself, also within quotes.
    """

    kind: ClassVar[str] = "csv"
    precedence: ClassVar[int] = 910
    expects: ClassVar[str] = "a CSV with a column of times, e.g. t_s or timestamp"
    source: ClassVar[str] = "www.rfc-editor.org/rfc/rfc4180, read 2026-11-30"
    example: ClassVar[str] = "t_ms,key\n0,/a\n12.5,/b"

    @classmethod
    @override
    def recognised_ratio(cls, lines: Sequence[str]) -> float:
        # A table is one also where it is not certain which column is the time.
        try:
            table = TableHead.of(lines, FieldWords(), cls.delimiter)
        except ValueError:
            return 0.0
        if table.delimiter == " ":
            return 0.0
        if any(_is_time(name) for name in table.names):
            return 1.0
        if len(table.names) == 1 or any(name[:1].isdigit() for name in table.names):
            return 0.0
        rows = len([line for line in lines[table.skip :] if line[0] != "#"])
        good = len(next(iter(table_samples(lines, table).values()), []))
        return good / max(rows, 1)

    @classmethod
    @override
    def layout(cls, lines: Sequence[str], words: FieldWords) -> Layout:
        table = TableHead.of(lines, words, cls.delimiter)
        _refuse_rates(table.names)
        choice = chosen_fields(table_samples(lines, table), words.columns, "columns")
        used = set(choice.fields.values())
        parser = TableParser(
            fields=choice.fields,
            expects=cls.expects,
            ignores=table.ignores or cls.ignores,
            names=table.names,
            delimiter=table.delimiter,
        )
        layout = Layout(cls.kind, parser, skip=table.skip)
        others = tuple(name for name in table.names if name not in used)
        return replace(with_choice(layout, choice), others=others)


def _refuse_rates(names: Sequence[str]) -> None:
    """Refuse what counts requests: Locust's stats_history.csv, Grafana's export."""
    fields = {known.field for name in names if (known := known_name(name))}
    rates = [name for name in names if name.lower().endswith(("/s", "/sec"))]
    if not fields & _ASKED_FOR:
        rates += [name for name in names if _is_count(name)]
    if rates:
        raise ValueError(
            f"its rows count requests ({rates[0]}); write them as arrivals:"
            " docs/how_to/replay_a_log.md"
        )


def _is_count(name: str) -> bool:
    known = known_name(name)
    return known is not None and known.field == "count"


def _is_time(name: str) -> bool:
    known = known_name(name)
    return known is not None and known.field in {"time", "start", "end"}
