"""Traefik's access log in its common form."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class Traefik(TextFormat):
    """Stamps of one second, of the start; the duration ends the line, in ms."""

    kind: ClassVar[str] = "traefik"
    precedence: ClassVar[int] = 10
    expects: ClassVar[str] = "an access log of Traefik"
    shape: ClassVar[str] = (
        'client - user [time] "METHOD /path HTTP/1.1" status size "referrer" "agent" n'
        ' "router" "server" 12ms'
    )
    source: ClassVar[str] = (
        "doc.traefik.io/traefik/observability/access-logs, read 2026-11-30; the"
        " stamp is"
        " StartUTC (pkg/middlewares/accesslog/logger_formatters.go)"
    )
    example: ClassVar[str] = (
        '192.0.2.7 - - [05/Jun/2026:12:00:00 +0000] "GET /p/1 HTTP/2.0" 200 512 "-"'
        ' "ua"'
        ' 17 "shop@docker" "http://198.51.100.1:80" 130ms'
    )
    duration_unit: ClassVar[str] = "ms"
    pattern: ClassVar[str] = (
        r"\S+ \S+ .*?\[(?P<time>[^\[\]]{8,40})\] "
        r'"(?P<method>[A-Za-z-]+) (?P<uri>(?:[^ "\\]|\\.)++)(?: [^"]*+)?"'
        r' (?P<status>\d+) \S+ "[^"]*" "(?:[^"\\]|\\.)*+" \d+ "[^"]*" "[^"]*"'
        r" (?P<duration>\d+)ms"
    )
