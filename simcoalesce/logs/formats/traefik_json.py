"""Traefik's access log as JSON."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class TraefikJson(JsonFormat):
    """Stamps of a nanosecond, of the start; durations are whole nanoseconds."""

    kind: ClassVar[str] = "traefik_json"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "an access log of Traefik as JSON"
    source: ClassVar[str] = (
        "doc.traefik.io/traefik/observability/access-logs: StartUTC, Duration and"
        " OriginDuration in nanoseconds, read 2026-11-30"
    )
    example: ClassVar[str] = (
        '{"StartUTC":"2026-06-05T12:00:00.000000001Z","Duration":130000000,'
        '"OriginDuration":128000000,"RequestMethod":"GET","RequestHost":"shop.example",'
        '"RequestPath":"/p/1","DownstreamStatus":200,"OriginStatus":200}'
    )
    duration_unit: ClassVar[str] = "ns"
    required: ClassVar[tuple[str, ...]] = ("time", "uri", "duration")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": ("StartUTC", "StartLocal"),
            "duration": "Duration",
            "origin_duration": "OriginDuration",
            "method": "RequestMethod",
            "host": ("RequestHost", "RequestAddr"),
            "uri": "RequestPath",
            "status": "DownstreamStatus",
            "origin_status": "OriginStatus",
        }
    )
