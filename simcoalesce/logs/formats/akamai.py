"""Akamai's DataStream 2 as JSON."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class Akamai(JsonFormat):
    """Stamps of a millisecond, when the edge took the request: the start."""

    kind: ClassVar[str] = "akamai"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "a log of Akamai DataStream 2 as JSON"
    source: ClassVar[str] = (
        "techdocs.akamai.com/datastream2/docs/data-set-parameters: reqTimeSec,"
        " turnAroundTimeMSec, cacheStatus, read 2026-11-30"
    )
    example: ClassVar[str] = (
        '{"reqTimeSec":"1780660800.000","reqMethod":"GET","reqHost":"shop.example",'
        '"reqPath":"/p/1","queryStr":"-","statusCode":"200","turnAroundTimeMSec":"130",'
        '"cacheStatus":"0"}'
    )
    duration_unit: ClassVar[str] = "ms"
    required: ClassVar[tuple[str, ...]] = ("time", "path")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "reqTimeSec",
            "duration": "turnAroundTimeMSec",
            "method": "reqMethod",
            "host": "reqHost",
            "path": "reqPath",
            "query": "queryStr",
            "status": "statusCode",
            "cache": "cacheStatus",
        }
    )
