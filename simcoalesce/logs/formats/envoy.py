"""Envoy's default access log."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class Envoy(TextFormat):
    """Stamps of a millisecond, of the start; the host is the :authority."""

    kind: ClassVar[str] = "envoy"
    precedence: ClassVar[int] = 10
    expects: ClassVar[str] = "a default access log of Envoy"
    shape: ClassVar[str] = (
        '[2026-06-05T12:00:00.000Z] "METHOD /path HTTP/2" status flags received sent'
        ' duration upstream "forwarded" "agent" "id" "host" "upstream"'
    )
    source: ClassVar[str] = (
        "envoyproxy.io/docs/envoy/v1.20.3/configuration/observability/access_log/usage:"
        " default format string, read 2026-11-30"
    )
    example: ClassVar[str] = (
        '[2026-06-05T12:00:00.000Z] "GET /p/1 HTTP/2" 200 - 0 512 130 129 "192.0.2.7"'
        ' "ua" "0-0-0-0" "shop.example" "198.51.100.1:80"'
    )
    duration_unit: ClassVar[str] = "ms"
    pattern: ClassVar[str] = (
        r'\[(?P<time>\d{4}-\d\d-\d\dT[^\]]+)\] "(?P<method>[A-Za-z-]+) (?P<uri>[^'
        r' "]++)[^"]*+"'
        r" (?P<status>\d+) \S+ (?:\S+ \S+ \"[^\"]*\" )?\d+ \d+"
        r" (?P<duration>\d+) (?P<origin_duration>\d+|-)"
        r' "[^"]*" "(?:[^"\\]|\\.)*+" "[^"]*" "(?P<host>[^"]*)"'
    )
