"""What the values of a field look like: a date, an epoch, a URL, a status."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from simcoalesce.logs.cache_status import NOT_LOGGED, cache_status

_NOTHING: Final = (None, "", "-")
_MOST: Final = 0.9

_DATE: Final = re.compile(
    r"\[?\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d([.,]\d+)?( ?[+-]\d\d:?\d\d)?\]?"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?([.,]\d+)?\s?(Z|UTC|[+-]\d\d:?\d\d)?"
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK: Final = re.compile(r"\d\d:\d\d:\d\d([.,]\d+)?")
_NUMBER: Final = re.compile(r"[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_MEASURED: Final = re.compile(r"([\d.]+)\s?(ns|us|µs|μs|ms|s)")
_THOUSANDTHS: Final = re.compile(r"\d{1,5}\.\d{3}")
_HOST: Final = re.compile(
    r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\.)+[A-Za-z][A-Za-z0-9-]+"
    r"(?::\d+)?|localhost(?::\d+)?|\d+\.\d+\.\d+\.\d+(?::\d+)?"
)
_ADDRESS: Final = re.compile(r"[\d.]+(:\d+)?|\[?[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\]?")
_URL: Final = re.compile(r"/|[a-z][a-z0-9+.-]*://")
_METHODS: Final = {
    *("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE"),
    *("PURGE", "PROPFIND", "BAN", "REPORT"),
}
_EARLIEST_S: Final = 631_152_000
_LATEST_S: Final = 4_102_444_800
_PER_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}

Test = Callable[[Any], bool]


def present(values: Sequence[Any]) -> list[Any]:
    """Return the values that say something."""
    return [value for value in values if value not in _NOTHING]


def mostly(test: Test, values: Sequence[Any]) -> bool:
    """Whether there are values, and nine of ten of them are such.

    The first lines of a log may hold one that is none.
    """
    there = present(values)
    return bool(there) and sum(map(test, there)) >= _MOST * len(there)


def is_date(value: Any) -> bool:
    """Whether it is a day with a time of day.

    >>> is_date("05/Jun/2026:12:00:00 +0000"), is_date("2026-06-05T12:00Z"), is_date(7)
    (True, True, False)
    """
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def is_day(value: Any) -> bool:
    """Whether it is a day alone, as W3C logs write it."""
    return isinstance(value, str) and _DAY.fullmatch(value) is not None


def is_clock(value: Any) -> bool:
    """Whether it is a time of day alone."""
    return isinstance(value, str) and _CLOCK.fullmatch(value) is not None


def is_number(value: Any) -> bool:
    """Whether it is a number, as such or written; of several, each.

    >>> is_number("0.010, 0.002"), is_number(True), is_number("1e-3")
    (True, False, True)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return False
    parts = _parts(value)
    return all(_NUMBER.fullmatch(part) or part == "-" for part in parts)


def _parts(value: Any) -> list[str]:
    """Return what stands between commas and colons."""
    return [part.strip() for part in re.split("[,:]", str(value))]


def epoch_unit(value: Any) -> str:
    """Return the unit in which a number counts since 1970; empty if it hardly does.

    Plausible are the years 1990 to 2099: no two units share a number of them.

    >>> epoch_unit(1_780_660_800), epoch_unit("1780660800130"), epoch_unit(12)
    ('s', 'ms', '')
    """
    if isinstance(value, bool) or not _NUMBER.fullmatch(str(value)):
        return ""
    number = float(str(value))
    for unit, per_second in _PER_SECOND.items():
        if _EARLIEST_S * per_second <= number < _LATEST_S * per_second:
            return unit
    return ""


def is_instant(value: Any) -> bool:
    """Whether it is a date, or a number that counts since 1970."""
    return is_date(value) or bool(epoch_unit(value))


def resolution_s(value: Any) -> float:
    """Return how fine a written instant is, in seconds."""
    text = str(value)
    unit = epoch_unit(value)
    if unit:
        return 10.0 ** -len(text.partition(".")[2]) / _PER_SECOND[unit]
    if not is_date(value):
        return 86_400.0
    digits = re.search(r":\d\d[.,](\d+)", text)
    return 10.0 ** -len(digits[1]) if digits else 1.0


def measured_unit(value: Any) -> str:
    """Return the unit in which a duration is written, or nothing.

    >>> measured_unit("0.058927s"), measured_unit("12 ms"), measured_unit("12")
    ('s', 'ms', '')
    """
    found = _MEASURED.fullmatch(value) if isinstance(value, str) else None
    return found[2].replace("µ", "u").replace("μ", "u") if found else ""


def is_status(value: Any) -> bool:
    """Whether it is an HTTP status, or 0 for none; of several, each."""
    parts = _parts(value)
    return all(
        part in {"-", "0", "000"} or (len(part) == 3 and part[0] in "12345")
        for part in parts
        if part.isdecimal() or part != "-"
    )


def is_method(value: Any) -> bool:
    """Whether it is a method of HTTP."""
    return isinstance(value, str) and value.upper() in _METHODS


def is_host(value: Any) -> bool:
    """Whether it is the name of a host, or its address, with or without a port."""
    return isinstance(value, str) and _HOST.fullmatch(value) is not None


def is_address(value: Any) -> bool:
    """Whether it is an IP address, with or without a port."""
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def is_url(value: Any) -> bool:
    """Whether it is a path from the root, or a URL."""
    return isinstance(value, str) and _URL.match(value) is not None


def is_located(value: Any) -> bool:
    """Whether it is a URL without its scheme: a host, a slash, a path."""
    if not isinstance(value, str) or "/" not in value[1:]:
        return False
    return is_host(value.partition("/")[0])


def is_name(value: Any) -> bool:
    """Whether it may name what is asked for: a text or a whole number."""
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def is_request_line(value: Any) -> bool:
    """Whether it is a method, a URL and maybe a version."""
    if not isinstance(value, str):
        return False
    parts = value.split()
    return 2 <= len(parts) <= 3 and is_method(parts[0])


def is_cache(value: Any) -> bool:
    """Whether it says what a cache did."""
    if isinstance(value, bool):
        return True
    return isinstance(value, str) and (
        cache_status(value) != NOT_LOGGED or value.lower() in {"none", "unknown"}
    )


def is_cache_word(value: Any) -> bool:
    """Whether it says what a cache did, in capitals, as caches write it."""
    return isinstance(value, str) and value.isupper() and is_cache(value)


def is_host_name(value: Any) -> bool:
    """Whether it is the name of a host, and no address."""
    return is_host(value) and not is_address(value)


def is_thousandths(value: Any) -> bool:
    """Whether it is a number with three decimals, as nginx writes seconds."""
    return isinstance(value, str) and _THOUSANDTHS.fullmatch(value) is not None


def is_whole(value: Any) -> bool:
    """Whether it is a whole number, as written."""
    return isinstance(value, str) and value.isdecimal()


def is_measured(value: Any) -> bool:
    """Whether it is a duration with its unit."""
    return bool(measured_unit(value))
