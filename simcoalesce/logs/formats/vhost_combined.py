"""The combined format with the virtual host in front."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class VhostCombined(TextFormat):
    """The combined format of several hosts; Apache stamps the start, nginx the end."""

    kind: ClassVar[str] = "vhost_combined"
    precedence: ClassVar[int] = 20
    expects: ClassVar[str] = "a combined log with the virtual host in front"
    shape: ClassVar[str] = (
        'host:port client - user [time] "METHOD /path HTTP/1.1" status'
    )
    source: ClassVar[str] = (
        "httpd.apache.org/docs/2.4/logs.html#virtualhost and the vhost_combined of"
        " Debian's apache2.conf, read 2026-11-30"
    )
    example: ClassVar[str] = (
        "shop.example:443 192.0.2.7 - - [05/Jun/2026:12:00:00 +0000]"
        ' "GET /p/1 HTTP/1.1" 200 512 "-" "ua"'
    )
    assumes: ClassVar[str] = (
        "its stamps are taken as starts, as Apache's are; nginx's are ends, and neither"
        " says how long a request took"
    )
    pattern: ClassVar[str] = (
        r"(?P<host>[A-Za-z0-9_.-]+(?::\d+)?)"
        r" (?:\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f.]*+:[0-9A-Fa-f:.]*+)"
        r" \S+ .*?\[(?P<time>[^\[\]]{8,40})\] "
        r'"(?P<method>[A-Za-z-]+) (?P<uri>(?:[^ "\\]|\\.)++)(?: [^"]*+)?"'
        r" (?P<status>\d{3})"
    )
