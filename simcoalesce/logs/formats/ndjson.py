"""NDJSON: an object in each line."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class Ndjson(JsonFormat):
    """Times on a wall clock, under field names of your choice.

    A number is seconds since 1970 below 10^11, then milliseconds, microseconds from
    10^14 and nanoseconds from 10^17 on. A text without an offset is UTC.
    """

    kind: ClassVar[str] = "ndjson"
    precedence: ClassVar[int] = 900
    expects: ClassVar[str] = "NDJSON, an object in each line"
    example: ClassVar[str] = '{"time": "2026-06-05T12:00:00.250Z", "key": "/a"}'
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {name: name for name in ("time", "key", "location", "isolate")}
    )
