"""Requests of hey as CSV."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import Names, TableFormat


class Hey(TableFormat):
    """One URL; the offset is the start, in seconds since the run's."""

    kind: ClassVar[str] = "hey"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "requests of hey (hey -o csv)"
    source: ClassVar[str] = (
        "github.com/rakyll/hey, requester/print.go and requester.go: the offset is"
        " the start"
        " of a request, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,"
        "status-code,offset\n"
        "0.1300,0.0010,0.0000,0.0000,0.1280,0.0010,200,0.0000"
    )
    assumes: ClassVar[str] = "all requests ask for one URL, which it does not write"
    delimiter: ClassVar[str] = ","
    since_start: ClassVar[tuple[str, ...]] = ("offset",)
    required: ClassVar[tuple[str, ...]] = ("time", "duration", "status")
    columns: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "offset",
            "duration": "response-time",
            "status": "status-code",
        }
    )
