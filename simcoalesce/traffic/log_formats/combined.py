"""The common and the combined log format of Apache and nginx."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import ClassVar, Final

from typing_extensions import override

from simcoalesce.traffic.log_format import Entry, LogFormat
from simcoalesce.traffic.recording import NOT_LOGGED
from simcoalesce.units import NS_PER_S

_LINE: Final = re.compile(
    r"\S+ .*?\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d):(\d\d) ([+-]\d{4})\] "
    r'"[A-Za-z-]+ ((?:[^ "\\]|\\.)+)(?: [^"]*)?" \d{3}(?: |$)'
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"


class Combined(LogFormat):
    """Stamps of one second on a wall clock; the key is the URL.

    Source:
        httpd.apache.org/docs/2.4/logs.html#combined; the words after the status are
        not read, so the common format is read as well.
    """

    kind: ClassVar[str] = "combined"
    precedence: ClassVar[int] = 1
    expects: ClassVar[str] = "a combined log of Apache or nginx"
    stamp_ns: ClassVar[int] = NS_PER_S

    @classmethod
    @override
    def recognises(cls, lines: Sequence[str]) -> bool:
        return any(_LINE.match(line) for line in lines)

    @override
    def entry(self, line: str) -> Entry:
        match = _LINE.match(line)
        if match is None:
            raise ValueError('not host - - [time] "METHOD /path HTTP/1.1" status size')
        minute, second, offset, url = match.groups()
        at_s = _minute_at_s(minute, offset) + int(second)
        return at_s * NS_PER_S, url, None, NOT_LOGGED


@lru_cache(maxsize=4_096)
def _minute_at_s(minute: str, offset: str) -> int:
    """Return when a minute such as ``17/May/2015:10:05`` began, since 1970.

    Months are English whatever the locale.
    """
    month, missing = divmod(_MONTHS.find(minute[3:6]), 3)
    if missing:
        raise ValueError(f"{minute[3:6]} is not a month")
    year, day = int(minute[7:11]), int(minute[:2])
    hour, minutes = int(minute[12:14]), int(minute[15:17])
    start = datetime(year, month + 1, day, hour, minutes, tzinfo=UTC)
    east = timedelta(hours=int(offset[:3]), minutes=int(offset[0] + offset[3:]))
    return (start - east - _EPOCH) // timedelta(seconds=1)
