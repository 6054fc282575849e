"""CSV with a header: a time column, and what else is known."""

import csv
from collections.abc import Sequence
from typing import ClassVar, Final

from typing_extensions import override

from simcoalesce.traffic.log_format import (
    Entry,
    Fields,
    LogFormat,
    isolate_number,
    whole_ns,
)

_NS_PER_COLUMN: Final = {"t_s": 10**9, "t_ms": 10**6, "t_us": 1_000, "t_ns": 1}


class Csv(LogFormat):
    """Instants of the run; each line stands for itself, also within quotes."""

    kind: ClassVar[str] = "csv"
    precedence: ClassVar[int] = 3
    expects: ClassVar[str] = "a CSV with a column t_s, t_ms, t_us or t_ns"
    wall_clock: ClassVar[bool] = False
    has_header: ClassVar[bool] = True

    def __init__(self, first_line: str, fields: Fields) -> None:
        super().__init__(first_line, fields)
        self.names = [name.strip() for name in _cells(first_line)]
        timed = [name for name in self.names if name in _NS_PER_COLUMN]
        if len(timed) != 1:
            raise ValueError(
                f"the header names {len(timed)} columns of time ({first_line:.60});"
                " it needs one: t_s, t_ms, t_us or t_ns"
            )
        self.ns_per_unit = _NS_PER_COLUMN[timed[0]]
        self.time = self.names.index(timed[0])
        self.key = self._column("key")
        self.location = self._column("location")
        self.isolate = self._column("isolate")

    def _column(self, name: str) -> int | None:
        return self.names.index(name) if name in self.names else None

    @classmethod
    @override
    def recognises(cls, lines: Sequence[str]) -> bool:
        try:
            names = {name.strip() for name in _cells(lines[0])}
        except ValueError:
            return False
        return not names.isdisjoint(_NS_PER_COLUMN)

    @override
    def entry(self, line: str) -> Entry:
        cells = _cells(line)
        if len(cells) != len(self.names):
            raise ValueError(f"{len(cells)} columns instead of {len(self.names)}")
        return (
            whole_ns(cells[self.time], self.ns_per_unit),
            None if self.key is None else cells[self.key] or None,
            None if self.location is None else cells[self.location] or None,
            isolate_number(None if self.isolate is None else cells[self.isolate]),
        )


def _cells(line: str) -> list[str]:
    if '"' not in line:
        return line.split(",")
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as error:
        raise ValueError(f"not CSV: {error}") from error
