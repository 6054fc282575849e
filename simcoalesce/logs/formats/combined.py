"""The common and the combined log format of Apache and nginx."""

from typing import ClassVar

from simcoalesce.logs.log_format import TextFormat


class Combined(TextFormat):
    """Stamps of one second on a wall clock; with ``%v:%p`` in front, the host as well.

    The words after the status are not read, so the common format is read too. Apache
    stamps when the request came in, nginx when its answer was sent; neither logs how
    long that took.
    """

    kind: ClassVar[str] = "combined"
    precedence: ClassVar[int] = 60
    expects: ClassVar[str] = "a combined log of Apache or nginx"
    shape: ClassVar[str] = 'host - - [time] "METHOD /path HTTP/1.1" status size'
    source: ClassVar[str] = "httpd.apache.org/docs/2.4/logs.html, read 2026-11-30"
    example: ClassVar[str] = (
        '192.0.2.7 - - [05/Jun/2026:12:00:00 +0000] "GET /a?b=1 HTTP/1.1" 200 512'
        ' "-" "Mozilla/5.0"'
    )
    assumes: ClassVar[str] = (
        "its stamps are taken as starts, as Apache's are; nginx's are ends, and neither"
        " says how long a request took"
    )
    pattern: ClassVar[str] = (
        r"(?:(?P<host>[\w.:-]++) (?=\S++ - \S++ \[))?"
        r"(?:\S++ \S++ \S++ |\S+ .*?)\[(?P<time>[^\]]{1,64}+)\] "
        r'"(?P<method>[A-Za-z-]++) (?P<uri>(?:[^ "\\]++|\\.)++)(?: [^"]*+)?"'
        r" (?P<status>\d{3})(?: |$)"
    )
