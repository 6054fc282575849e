"""Access logs of AWS's Classic Load Balancer."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class Elb(TextFormat):
    """Stamps of a microsecond, of the start."""

    kind: ClassVar[str] = "elb"
    precedence: ClassVar[int] = 11
    expects: ClassVar[str] = "an access log of a Classic Load Balancer"
    shape: ClassVar[str] = (
        "time elb client:port backend:port three processing times, statuses, ..."
        ' "METHOD https://host:443/path HTTP/1.1"'
    )
    source: ClassVar[str] = (
        ""
        "docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html:"
        " the time when the request was received, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "2026-06-05T12:00:00.000000Z lb 192.0.2.7:2817 198.51.100.1:80 0.000 0.130"
        " 0.000"
        ' 200 200 0 512 "GET https://shop.example:443/p/1 HTTP/1.1" "ua" - -'
    )
    pattern: ClassVar[str] = (
        r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z) \S+ \S+:\d+ \S+"
        r" (?P<duration>\S+ (?P<origin_duration>\S+) \S+)"
        r" (?P<status>\d{3}|-) (?P<origin_status>\d{3}|-) \d+ \d+"
        r' "(?P<method>[A-Z-]+) (?P<url>[^ "]+)'
    )
