"""Instants in logs: how a written time becomes whole nanoseconds since 1970."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

from simcoalesce.logs.numbers import NOTHING, whole_ns
from simcoalesce.run_bounds import HORIZON_NS, HorizonError, past_horizon
from simcoalesce.units import NS_PER_S

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
_EPOCH_UNITS: Final = {
    "epoch_s": 10**9,
    "epoch_ms": 10**6,
    "epoch_us": 1_000,
    "epoch_ns": 1,
}
TIME_FORMATS: Final = ("auto", "iso", "clf", *_EPOCH_UNITS)
_SMALLEST_OF: Final = ((10**11, 10**9), (10**14, 10**6), (10**17, 1_000))
"""Below the first, a number since 1970 counts units of so many nanoseconds."""

_CLF: Final = re.compile(
    r"\[?(\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d):(\d\d)(?:[.,](\d+))?"
    r"(?: ?([+-]\d\d:?\d\d))?\]?"
)
_ISO: Final = re.compile(
    r"(\d{4}-?\d\d-?\d\d[T ]\d\d:?\d\d):?(\d\d)?(?:[.,](\d+))?"
    r" ?(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?"
)
_DAY_OF_OTHERS: Final = re.compile(
    r"(\d{4})/(\d\d)/(\d\d)(?!\d)|(\d\d)\.(\d\d)\.(\d{4})(?!\d)"
)
"""2026/06/05 as Go and nginx write it, or 05.06.2026: with points the day is first."""
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_OFFSET: Final = re.compile(r"([+-])(\d\d):?(\d\d)?")


@dataclass(frozen=True)
class TimeReader:
    """How one log writes its times.

    Attributes:
        time_format: A name of `TIME_FORMATS` or a pattern of strptime.
        zone: Of stamps without an offset.
        is_wall_clock: Whether numbers count since 1970; else since a run's start.
        ns_per_unit: Of numbers; 0: their size tells.
    """

    time_format: str = "auto"
    zone: str = "UTC"
    is_wall_clock: bool = True
    ns_per_unit: int = 0

    def instant_ns(self, written: Any) -> int:
        """Return a written instant in nanoseconds.

        Raises:
            ValueError: If it is none, or beyond the horizon.
        """
        at_ns = self._instant_ns(written)
        if abs(at_ns) < HORIZON_NS:
            return at_ns
        since = " from 1970" if self.is_wall_clock else ""
        raise HorizonError(past_horizon(f'"{written!s:.40}"') + since)

    def _instant_ns(self, written: Any) -> int:
        if isinstance(written, bool) or not isinstance(written, (int, float, str)):
            raise ValueError("the time is neither a number nor a text")  # noqa: TRY004 - the line is wrong
        text = str(written)
        if text in NOTHING:
            raise ValueError("there is no time")
        if not self.is_wall_clock:
            return self._count_ns(text)
        if "%" in self.time_format:
            return _by_pattern(text, self.time_format, self.zone)
        read = _BY_FORMAT.get(self.time_format, _number_ns)
        return read(text.strip(), self)

    def _count_ns(self, text: str) -> int:
        at_ns = whole_ns(text, self.ns_per_unit or NS_PER_S)
        if at_ns < 0:
            raise ValueError("the instant is before the start")
        return at_ns


def _auto_ns(text: str, reader: TimeReader) -> int:
    if _NUMBER.fullmatch(text):
        return _number_ns(text, reader)
    if found := _DAY_OF_OTHERS.match(text):
        year, month, day = (
            found[1] or found[6],
            found[2] or found[5],
            found[3] or found[4],
        )
        text = f"{year}-{month}-{day}{text[10:]}"
    read = _clf_ns if "/" in text else _iso_ns
    return read(text, reader)


def _number_ns(text: str, reader: TimeReader) -> int:
    unit = _EPOCH_UNITS.get(reader.time_format) or reader.ns_per_unit
    if not unit:
        unit = _unit_of(text)
    whole, point, digits = text.partition(".")
    if unit == NS_PER_S and len(digits) <= 9 and whole.isdecimal() and len(whole) < 11:
        return int(whole) * NS_PER_S + int((digits + "000000000")[:9])
    if not point and whole.isdecimal() and len(whole) < 19:
        return whole_ns(whole, unit)
    return whole_ns(text, unit)


def _unit_of(text: str) -> int:
    try:
        size = abs(float(text))
    except ValueError:
        raise ValueError(f'"{text:.40}" is not a time') from None
    return next((unit for most, unit in _SMALLEST_OF if size < most), 1)


def _clf_ns(text: str, reader: TimeReader) -> int:
    found = _CLF.fullmatch(text)
    if found is None:
        raise ValueError(
            f'"{text:.40}" is not a time such as 05/Jun/2026:12:00:00 +0000'
        )
    minute, second, digits, offset = found.groups()
    start_s = _clf_minute_s(minute, offset or reader.zone)
    return (start_s + _second(second)) * NS_PER_S + _fraction_ns(digits)


def _iso_ns(text: str, reader: TimeReader) -> int:
    found = _ISO.fullmatch(text)
    if found is None:
        return _long_ns(_from_iso(text), reader.zone)
    minute, second, digits, offset = found.groups()
    start_s = _iso_minute_s(minute, offset or reader.zone)
    return (start_s + _second(second or "0")) * NS_PER_S + _fraction_ns(digits)


def _from_iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text:.40}" is not a time') from None


def _second(written: str) -> int:
    second = int(written)
    if second > 60:
        raise ValueError(f"{second} is not a second of a minute")
    return second


def _fraction_ns(digits: str | None) -> int:
    return int((digits + "000000000")[:9]) if digits else 0


@lru_cache(maxsize=4_096)
def _clf_minute_s(minute: str, zone: str) -> int:
    """Return when a minute such as ``17/May/2015:10:05`` began, since 1970.

    Months are English whatever the locale.
    """
    day, name, rest = minute.split("/")
    month, missing = divmod(_MONTHS.find(name), 3)
    if missing:
        raise ValueError(f"{name} is not a month")
    year, hour, minutes = map(int, rest.split(":"))
    return _since_1970_s(datetime(year, month + 1, int(day), hour, minutes), zone)  # noqa: DTZ001 - the zone follows


@lru_cache(maxsize=4_096)
def _iso_minute_s(minute: str, zone: str) -> int:
    return _since_1970_s(datetime.fromisoformat(minute), zone)


def _since_1970_s(naive: datetime, zone: str) -> int:
    return (naive.replace(tzinfo=zone_of(zone)) - _EPOCH) // timedelta(seconds=1)


def _by_pattern(text: str, pattern: str, zone: str) -> int:
    return _long_ns(datetime.strptime(text, pattern), zone)  # noqa: DTZ007 - the zone follows


def _long_ns(stamp: datetime, zone: str) -> int:
    if stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=zone_of(zone))
    return (stamp - _EPOCH) // timedelta(microseconds=1) * 1_000


@lru_cache(maxsize=256)
def zone_of(written: str) -> tzinfo:
    """Return a time zone: a name such as ``Europe/Berlin``, or ``+02:00``.

    Raises:
        ValueError: If there is none of that name.
    """
    if written in {"Z", "z", "UTC", "GMT"}:
        return UTC
    offset = _OFFSET.fullmatch(written)
    if offset:
        return _fixed_zone(written, offset)
    try:
        return ZoneInfo(written)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f'"{written}" is not a time zone; write e.g. UTC, +02:00 or Europe/Berlin'
        ) from None


def _fixed_zone(written: str, offset: re.Match[str]) -> tzinfo:
    east = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    if east >= timedelta(days=1):
        raise ValueError(f'"{written}" is a day or more; write e.g. +02:00')
    return timezone(-east if offset[1] == "-" else east)


_BY_FORMAT: Final[dict[str, Callable[[str, TimeReader], int]]] = {
    "auto": _auto_ns,
    "iso": _iso_ns,
    "clf": _clf_ns,
}


def _known_time_format(written: str) -> str:
    if written in TIME_FORMATS or "%" in written:
        return written
    raise ValueError(
        f'"{written}" is not a time format; write {", ".join(TIME_FORMATS)} or a'
        ' pattern of strptime, e.g. "%d.%m.%Y %H:%M:%S"'
    )


def _known_zone(written: str) -> str:
    zone_of(written)
    return written


TimeFormat = Annotated[str, AfterValidator(_known_time_format)]
"""How a log writes its times."""
TimeZone = Annotated[str, AfterValidator(_known_zone)]
"""The name of a time zone, or an offset."""
