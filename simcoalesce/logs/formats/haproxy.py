"""HAProxy's log of HTTP requests."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class HaproxyLog(TextFormat):
    """Stamps of a millisecond, of the start, in the proxy's local time."""

    kind: ClassVar[str] = "haproxy"
    precedence: ClassVar[int] = 10
    expects: ClassVar[str] = "a log of HAProxy (option httplog)"
    shape: ClassVar[str] = (
        "client:port [05/Jun/2026:12:00:00.000] frontend backend/server"
        ' TR/Tw/Tc/Tr/Ta status ... "METHOD /path HTTP/1.1"'
    )
    source: ClassVar[str] = (
        "docs.haproxy.org/2.8/configuration.html, 8.2.3 HTTP log format: accept date"
        " (%tr),"
        " TR '/' Tw '/' Tc '/' Tr '/' Ta in ms, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "Jun  5 12:00:00 lb haproxy[14389]: 192.0.2.7:33317"
        " [05/Jun/2026:12:00:00.000] web"
        ' shop/srv1 0/0/1/128/130 200 512 - - ---- 1/1/1/1/0 0/0 "GET /p/1 HTTP/1.1"'
    )
    duration_unit: ClassVar[str] = "ms"
    pattern: ClassVar[str] = (
        r"(?:.*\S )??\S+:\d+ \[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\.\d+)\]"
        r" \S+ [^/\s]+/\S+ -?\d+/-?\d+/-?\d+/(?P<origin_duration>-?\d+)"
        r"/\+?(?P<duration>-?\d+)"
        r' (?P<status>-?\d+) .*?"(?P<method>[A-Z-]+) (?P<uri>[^ "]+)'
    )
