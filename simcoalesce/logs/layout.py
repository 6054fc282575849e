"""Layout: how one file is to be read, once its first lines are understood."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from simcoalesce.logs.instants import TimeReader
from simcoalesce.logs.line_parser import LineParser
from simcoalesce.logs.where import FieldCondition

_UNIT: Final = re.compile(r"(?:[_.-](s|ms|us|ns)|(Ms|Us|Ns|Millis))$")


@dataclass(frozen=True)
class FieldWords:
    """What a user says of the fields of a file, in place of what its format says.

    Attributes:
        fields: Paths of JSON, by standard field.
        columns: Columns of a table, by standard field: names, or numbers from 1 on.
        delimiter: Between the cells of a table; by default its first lines tell.
        header: Whether a table names its columns; by default, unless all are numbers.
    """

    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    delimiter: str = ""
    header: bool | None = None

    def time_name(self) -> str:
        """Return where a user says that the time is; empty if that is not said."""
        return self.fields.get("time", "") or self.columns.get("time", "")


@dataclass(frozen=True)
class Layout:
    """How one file is to be read: what was understood of its first lines.

    Attributes:
        kind: Of its format.
        parser: Of its lines.
        time: Of its instants.
        time_is: ``start`` or ``end``.
        duration_ns: Nanoseconds of the unit of `duration`.
        origin_ns: Nanoseconds of the unit of `origin_duration`.
        only: What a line must say to be a request at all.
        where: What a request must say to count.
        skip: How many lines at the start of the file are no entries.
        others: Names in the file that nothing is read from.
        assumptions: What was taken for granted, as sentences.
        candidates: Those of them that may be a key, the likeliest first.
    """

    kind: str
    parser: LineParser
    time: TimeReader = field(default_factory=TimeReader)
    time_is: str = "start"
    duration_ns: int = 10**9
    origin_ns: int = 10**9
    only: tuple[FieldCondition, ...] = ()
    where: tuple[FieldCondition, ...] = ()
    skip: int = 0
    others: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()

    def of_fields(self, names: Collection[str]) -> "Layout":
        """Return it for these fields alone."""
        return replace(self, parser=self.parser.only(names))


def unit_of(name: str) -> str:
    """Return the unit at the end of a field's name; empty without one.

    >>> unit_of("t_ms"), unit_of("OriginResponseDurationMs"), unit_of("time")
    ('ms', 'ms', '')
    """
    found = _UNIT.search(name)
    if found is None:
        return ""
    return found[1] or {"Millis": "ms"}.get(found[2], found[2].lower())
