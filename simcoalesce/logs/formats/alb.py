"""Access logs of AWS's Application Load Balancer."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class Alb(TextFormat):
    """Stamps of a microsecond: request_creation_time, the start."""

    kind: ClassVar[str] = "alb"
    precedence: ClassVar[int] = 10
    expects: ClassVar[str] = "an access log of an Application Load Balancer"
    shape: ClassVar[str] = (
        "type time elb client:port target:port three processing times, statuses, ..."
        ' "METHOD https://host:443/path HTTP/1.1" ... request_creation_time ...'
    )
    source: ClassVar[str] = (
        "docs.aws.amazon.com/elasticloadbalancing/latest/application/"
        "load-balancer-access-logs.html, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "https 2026-06-05T12:00:00.130000Z app/lb/1a2b 192.0.2.7:2817 198.51.100.1:80"
        " 0.000 0.130 0.000 200 200 34 512"
        ' "GET https://shop.example:443/p/1 HTTP/1.1" "ua" - -'
        " arn:aws:elasticloadbalancing:eu-central-1:000000000000:targetgroup/t/1"
        ' "Root=1-0-0" "shop.example" "-" 0 2026-06-05T12:00:00.000000Z "forward"'
        ' "-" "-" "198.51.100.1:80" "200" "-" "-"'
    )
    pattern: ClassVar[str] = (
        r"(?:https?|h2|grpcs|wss?) \S+ \S+ \S+ \S+"
        r" (?P<duration>\S+ (?P<origin_duration>\S+) \S+)"
        r" (?P<status>\d{3}|-) (?P<origin_status>\d{3}|-) \S+ \S+"
        r' "(?P<method>[A-Z-]+) (?P<url>[^ "]++)[^"]*+" "(?:[^"\\]|\\.)*+" \S+ \S+ \S+'
        r' "[^"]*" "[^"]*" "[^"]*" \S+ (?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z)'
    )
