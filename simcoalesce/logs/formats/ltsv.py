"""LTSV: ``label:value`` between tabs, told by labels and values."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from typing_extensions import override

from simcoalesce.logs.general_layout import by_name, chosen_fields, with_choice
from simcoalesce.logs.layout import FieldWords, Layout
from simcoalesce.logs.log_format import TextFormat, text_parser


class Ltsv(TextFormat):
    """Fields of any labels and in any order."""

    kind: ClassVar[str] = "ltsv"
    precedence: ClassVar[int] = 40
    expects: ClassVar[str] = "LTSV, label:value between tabs"
    source: ClassVar[str] = "ltsv.org, read 2026-11-30"
    example: ClassVar[str] = (
        "time:05/Jun/2026:12:00:00 +0000\thost:192.0.2.7\tmethod:GET\turi:/p/1"
        "\tstatus:200\tvhost:shop.example\treqtime:0.130"
    )

    @classmethod
    @override
    def recognised_ratio(cls, lines: Sequence[str]) -> float:
        return len(_tables(lines)) / max(len(lines), 1)

    @classmethod
    @override
    def layout(cls, lines: Sequence[str], words: FieldWords) -> Layout:
        samples = by_name(_tables(lines))
        if not samples:
            raise ValueError("there is no label:value between tabs")
        choice = chosen_fields(samples, words.fields, "fields")
        pattern = "".join(
            rf"(?=(?:.*\t)?{re.escape(label)}:(?P<{field}>[^\t]*))"
            for field, label in choice.fields.items()
        )
        parser = text_parser(pattern, cls.expects)
        return with_choice(Layout(cls.kind, parser), choice)


def _tables(lines: Sequence[str]) -> list[dict[str, Any]]:
    rows = [[cell.partition(":") for cell in line.split("\t")] for line in lines]
    return [
        {label: value for label, _, value in row}
        for row in rows
        if len(row) > 1 and all(mark and label.isidentifier() for label, mark, _ in row)
    ]
