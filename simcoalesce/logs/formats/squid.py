"""Squid's native access log."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class SquidLog(TextFormat):
    """Stamps of a millisecond, of the end; the duration is in ms."""

    kind: ClassVar[str] = "squid"
    precedence: ClassVar[int] = 10
    expects: ClassVar[str] = "a native access log of Squid"
    shape: ClassVar[str] = "time elapsed client TCP_HIT/200 size METHOD URL user ..."
    source: ClassVar[str] = (
        "wiki.squid-cache.org/Features/LogFormat: native, read 2026-11-30; the time"
        " is that"
        " of the end"
    )
    example: ClassVar[str] = (
        "1780660800.130    130 192.0.2.7 TCP_MISS/200 512 GET"
        " https://shop.example/p/1 -"
        " HIER_DIRECT/198.51.100.1 text/html"
    )
    time_is: ClassVar[str] = "end"
    duration_unit: ClassVar[str] = "ms"
    pattern: ClassVar[str] = (
        r"(?P<time>\d{9,10}\.\d{3}) +(?P<duration>\d+) \S+"
        r" (?P<cache>[A-Z_]+)/(?P<status>\d{3}) \d+ (?P<method>[A-Z_]+) (?P<url>\S+) "
    )
