"""Cloudflare's HTTP requests, as Logpush delivers them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class Cloudflare(JsonFormat):
    """Stamps of the start, as RFC 3339, or as seconds or nanoseconds since 1970."""

    kind: ClassVar[str] = "cloudflare"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "HTTP requests of Cloudflare's Logpush"
    source: ClassVar[str] = (
        ""
        "developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests:"
        " timestamps as rfc3339, unix or unixnano, read 2026-11-30"
    )
    example: ClassVar[str] = (
        '{"EdgeStartTimestamp":"2026-06-05T12:00:00Z","EdgeEndTimestamp":'
        '"2026-06-05T12:00:00Z","ClientRequestMethod":"GET","ClientRequestHost":'
        '"shop.example","ClientRequestURI":"/p/1","EdgeResponseStatus":200,'
        '"CacheCacheStatus":"miss","OriginResponseDurationMs":130}'
    )
    duration_unit: ClassVar[str] = "ns"
    required: ClassVar[tuple[str, ...]] = ("time",)
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "EdgeStartTimestamp",
            "duration": "EdgeTimeToFirstByteMs",
            "origin_duration": ("OriginResponseDurationMs", "OriginResponseTime"),
            "method": "ClientRequestMethod",
            "host": "ClientRequestHost",
            "uri": ("ClientRequestURI", "ClientRequestPath"),
            "status": "EdgeResponseStatus",
            "cache": "CacheCacheStatus",
            "origin_status": "OriginResponseStatus",
            "location": "EdgeColoCode",
        }
    )
