"""W3C extended logs: ``#Fields:`` names the columns."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from typing_extensions import override

from simcoalesce.logs.general_layout import (
    chosen_fields,
    table_samples,
    with_choice,
)
from simcoalesce.logs.layout import FieldWords, Layout
from simcoalesce.logs.log_format import TableFormat
from simcoalesce.logs.named_samples import Choice
from simcoalesce.logs.table_head import TableHead
from simcoalesce.logs.table_parser import TableParser

_TAKEN = "time-taken"


class W3c(TableFormat):
    """Stamps of ``date`` and ``time`` in UTC, as a rule of the end of a request."""

    kind: ClassVar[str] = "w3c"
    precedence: ClassVar[int] = 40
    expects: ClassVar[str] = "a W3C extended log (#Fields:)"
    source: ClassVar[str] = (
        "www.w3.org/TR/WD-logfile: time-taken is what the transaction took until it was"
        " complete, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "#Version: 1.0\n"
        "#Fields: date time cs-method cs-uri sc-status time-taken\n"
        "2026-06-05 12:00:00 GET /p/1 200 0.130"
    )

    @classmethod
    @override
    def recognised_ratio(cls, lines: Sequence[str]) -> float:
        named = any(line.startswith("#Fields:") for line in lines)
        return super().recognised_ratio(lines) if named else 0.0

    @classmethod
    @override
    def layout(cls, lines: Sequence[str], words: FieldWords) -> Layout:
        table = TableHead.of(lines, words, cls.delimiter)
        samples = table_samples(lines, table)
        choice = chosen_fields(samples, words.columns, "columns")
        _read_time_taken(choice, samples.get(_TAKEN, []))
        parser = TableParser(
            fields=choice.fields,
            expects=cls.expects,
            ignores=table.ignores or cls.ignores,
            names=table.names,
            delimiter=table.delimiter,
        )
        layout = with_choice(Layout(cls.kind, parser, skip=table.skip), choice)
        used = set(choice.fields.values())
        others = tuple(name for name in table.names if name not in used)
        return replace(layout, others=others)


def _read_time_taken(choice: Choice, values: Sequence[str]) -> None:
    """Take the seconds of the W3C's draft, or whole milliseconds as IIS writes them."""
    if choice.questions.pop("duration", None) != [_TAKEN]:
        return
    unit = "s" if any("." in value for value in values) else "ms"
    choice.fields["duration"] = _TAKEN
    choice.units["duration"] = unit
    choice.time_is = choice.time_is or "end"
    choice.assumptions = [one for one in choice.assumptions if _TAKEN not in one]
    choice.assumptions.append(
        f"{_TAKEN} counts {unit}, and the stamps are the ends of requests"
    )
