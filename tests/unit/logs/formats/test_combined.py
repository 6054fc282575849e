"""Lines of Apache and nginx."""

from collections.abc import Callable

import pytest

from simcoalesce.logs.formats.combined import Combined
from simcoalesce.logs.log import Log

LogOf = Callable[..., Log]
NOON_UTC_NS = 1_780_660_800_000_000_000


@pytest.mark.parametrize(
    ("line", "host", "uri"),
    [
        (
            'h - - [05/Jun/2026:21:00:00 +0900] "GET /a?b=1 HTTP/1.1" 200 1 "-" "x"',
            *(None, "/a?b=1"),
        ),
        ('::1 - - [05/Jun/2026:12:00:00 +0000] "GET / HTTP/1.0" 304 -', None, "/"),
        ('h:80 ::1 - me [05/Jun/2026:08:30:00 -0330] "PUT /x" 201 1', "h:80", "/x"),
        (
            r'h - "a b" [05/Jun/2026:12:00:00 +0000] "GET /\"q\" HTTP/2" 404 1 "\""',
            *(None, r"/\"q\""),
        ),
        ('h - a b [05/Jun/2026:12:00:00 +0000] "GET /" 200 1', None, "/"),
    ],
)
def test_common_and_combined_lines_are_read(
    log_of: LogOf, line: str, host: str | None, uri: str
) -> None:
    """With or without referrer, virtual host, protocol; in any time zone."""
    log = log_of(line)

    assert (log.at_ns.tolist(), log.targets) == ([NOON_UTC_NS], ((host, uri),))


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        'h - - [05/Jun/2026:12:00:00 +0000] "-" 408 0',
        r'h - - [05/Jun/2026:12:00:00 +0000] "\x16\x03\x01" 400 0',
        'h - - [31/Jun/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 1',
        'h - - [05/Jup/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 1',
        'h - - [05/Jun/2026:12:99:00 +0000] "GET / HTTP/1.1" 200 1',
    ],
)
def test_what_is_no_request_is_refused(log_of: LogOf, line: str) -> None:
    """Lines without a request, or at a time that does not exist, do not parse."""
    with pytest.raises(ValueError, match=r"not host|month|day|minute"):
        log_of(line, format="combined")


def test_a_hostile_line_takes_no_longer_than_its_length() -> None:
    """Many half matches in the longest line are over at once."""
    half = '[05/Jun/2026:12:00:00 +0000] "GET ' + "/a" * 30
    (line,) = [("h " + half * 700)[:65_536]]

    assert Combined.recognised_ratio([line]) == 0
