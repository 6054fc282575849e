"""Caddy's access log."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import JsonFormat, Names


class Caddy(JsonFormat):
    """Stamps of the end, finer than a microsecond; the duration is in seconds."""

    kind: ClassVar[str] = "caddy"
    precedence: ClassVar[int] = 30
    expects: ClassVar[str] = "an access log of Caddy"
    source: ClassVar[str] = (
        "caddyserver.com/docs/logging and"
        " caddyserver.com/docs/caddyfile/directives/log:"
        " ts, duration in seconds, read 2026-11-30"
    )
    example: ClassVar[str] = (
        '{"level":"info","ts":1780660800.13,"logger":"http.log.access","msg":"handled'
        ' request","request":{"method":"GET","host":"shop.example","uri":"/p/1"},'
        '"duration":0.13,"status":200}'
    )
    time_is: ClassVar[str] = "end"
    ignores: ClassVar[str] = r'(?!.*"handled request")'
    required: ClassVar[tuple[str, ...]] = ("time", "uri", "duration")
    paths: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {
            "time": "ts",
            "duration": "duration",
            "method": "request.method",
            "host": "request.host",
            "uri": "request.uri",
            "status": "status",
        }
    )
