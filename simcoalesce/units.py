"""Values with units: how a scenario writes them, and how they are kept inside.

A scenario writes ``80ms``, ``100/s``, ``10k``, ``5%``, ``2KiB``; inside, durations are
whole nanoseconds, rates are per second, ratios lie in [0, 1].
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from simcoalesce.as_written import wrong

NS_PER_S: Final = 1_000_000_000

_NS_PER_UNIT: Final = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": NS_PER_S,
    "m": 60 * NS_PER_S,
    "min": 60 * NS_PER_S,
    "h": 3_600 * NS_PER_S,
    "d": 86_400 * NS_PER_S,
}
_MULTIPLIERS: Final = {"": 1, "k": 1_000, "M": 1_000_000, "G": 1_000_000_000}
_BYTES_PER_UNIT: Final = {
    "B": 1,
    "kB": 1_000,
    "KB": 1_000,
    "MB": 1_000_000,
    "GB": 1_000_000_000,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
}
_NUMBER: Final = r"(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,2})?"
_DURATION_PART: Final = re.compile(rf"({_NUMBER})\s*(ns|us|µs|ms|min|s|m|h|d)")
_DURATION: Final = re.compile(rf"(?:{_DURATION_PART.pattern}\s*)+")
_COUNT: Final = re.compile(rf"({_NUMBER})\s*([kMG]?)")
_RATE: Final = re.compile(
    rf"({_NUMBER})\s*(?:([kMG])\s*)?/\s*(?:({_NUMBER})\s*)?(ns|us|µs|ms|min|s|m|h|d)"
)
_RATIO: Final = re.compile(rf"({_NUMBER})\s*(%?)")
_SIZE: Final = re.compile(rf"({_NUMBER})\s*({'|'.join(_BYTES_PER_UNIT)})")
_LONGEST_NS: Final = 100 * 365 * 86_400 * NS_PER_S
_MOST: Final = 10**15
_NO_DURATION: Final = (
    "is not a duration; write a number and ns, us, ms, s, m, h or d (e.g. 80ms)"
)


def _ns_per(unit: str) -> int:
    return _NS_PER_UNIT[unit.replace("µ", "u")]


def _number(text: str) -> Decimal:
    return Decimal(text.replace("_", ""))


def parse_duration(value: object) -> int:
    """Return a duration such as ``80ms`` or ``1m30s`` in whole nanoseconds.

    Raises:
        ValueError: If the value has no unit, an unknown unit, or is out of range.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise wrong(value, f"has no unit; write e.g. {value}ms")
    if isinstance(value, str):
        return _duration_ns(value)
    raise wrong(value, _NO_DURATION)


@lru_cache(maxsize=1_024)
def _duration_ns(written: str) -> int:
    text = written.strip()
    if not _DURATION.fullmatch(text):
        raise wrong(written, _NO_DURATION)
    total = sum(
        _number(number) * _ns_per(unit) for number, unit in _DURATION_PART.findall(text)
    )
    if total > _LONGEST_NS:
        raise wrong(written, "is longer than a hundred years")
    return round(total)


@lru_cache(maxsize=1_024)
def format_duration(duration_ns: int) -> str:
    """Write whole nanoseconds in the largest unit that keeps them exact.

    >>> format_duration(80_000_000), format_duration(90_000_000_000)
    ('80ms', '90s')
    """
    for unit, least in (("h", 2), ("m", 2), ("s", 1), ("ms", 1), ("us", 1)):
        count, rest = divmod(duration_ns, _NS_PER_UNIT[unit])
        if count >= least and not rest:
            return f"{count}{unit}"
    for unit in ("s", "ms", "us"):
        if duration_ns >= _NS_PER_UNIT[unit]:
            return f"{(Decimal(duration_ns) / _NS_PER_UNIT[unit]).normalize():f}{unit}"
    return f"{duration_ns}ns" if duration_ns else "0ms"


def parse_count(value: object) -> int:
    """Return a count such as ``800``, ``10k`` or ``1.2M``.

    Raises:
        ValueError: If the value is not a whole number of things.
    """
    match = _COUNT.fullmatch(str(value).strip())
    if isinstance(value, bool) or match is None:
        raise wrong(value, "is not a count; write e.g. 800, 10k or 1.2M")
    count = _number(match[1]) * _MULTIPLIERS[match[2]]
    if count != count.to_integral_value():
        raise wrong(value, "is not a whole number")
    if count > _MOST:
        raise wrong(value, "is more than 10^15")
    return int(count)


def parse_rate(value: object) -> float:
    """Return a rate such as ``100/s``, ``300/min`` or ``1200/5m`` per second.

    Raises:
        ValueError: If the value has no time unit or is not positive.
    """
    match = _RATE.fullmatch(str(value).strip())
    if match is None:
        raise wrong(value, "is not a rate; write e.g. 100/s, 2k/s or 300/min")
    per_ns = _number(match[3] or "1") * _ns_per(match[4])
    if not per_ns:
        raise wrong(value, "divides by zero")
    rate = float(_number(match[1]) * _MULTIPLIERS[match[2] or ""] * NS_PER_S / per_ns)
    if rate <= 0:
        raise wrong(value, "is not above zero")
    if rate > _MOST:
        raise wrong(value, "is more than 10^15 per second")
    return rate


def format_rate(rate_per_s: float) -> str:
    """Write a rate per second, per minute or per hour, whichever is whole.

    >>> format_rate(100.0), format_rate(0.5)
    ('100/s', '30/min')
    """
    for unit, seconds in (("s", 1), ("min", 60), ("h", 3_600)):
        if (rate_per_s * seconds).is_integer():
            return f"{int(rate_per_s * seconds)}/{unit}"
    return f"{rate_per_s!r}/s"


def parse_ratio(value: object) -> float:
    """Return a share such as ``5%`` or ``0.05``, in [0, 1].

    Raises:
        ValueError: If the value is not a share.
    """
    match = _RATIO.fullmatch(str(value).strip())
    if isinstance(value, bool) or match is None:
        raise wrong(value, "is not a share; write e.g. 5% or 0.05")
    ratio = float(_number(match[1]) / (100 if match[2] else 1))
    if ratio > 1:
        raise wrong(value, "is above 1; write e.g. 5% or 0.05")
    return ratio


def format_ratio(ratio: float) -> str:
    """Write a share in percent."""
    return f"{(Decimal(repr(ratio)) * 100).normalize():f}%"


def parse_size(value: object) -> int:
    """Return a size such as ``64KiB`` or ``2kB`` in bytes.

    Raises:
        ValueError: If the value has no unit of size.
    """
    match = _SIZE.fullmatch(str(value).strip())
    if match is None:
        raise wrong(value, "is not a size; write e.g. 512B, 64KiB or 2MB")
    size_bytes = _number(match[1]) * _BYTES_PER_UNIT[match[2]]
    if size_bytes > _MOST:
        raise wrong(value, "is more than 10^15 bytes")
    return round(size_bytes)


def format_size(size_bytes: int) -> str:
    """Write a size in the largest binary unit that keeps it exact."""
    for unit in ("GiB", "MiB", "KiB"):
        if size_bytes and size_bytes % _BYTES_PER_UNIT[unit] == 0:
            return f"{size_bytes // _BYTES_PER_UNIT[unit]}{unit}"
    return f"{size_bytes}B"


def _positive(parse: Callable[[object], int]) -> Callable[[object], int]:
    def check(value: object) -> int:
        parsed = parse(value)
        if parsed == 0:
            raise wrong(value, "must be above zero")
        return parsed

    return check


def _or_unlimited(parse: Callable[[object], Any]) -> Callable[[object], Any]:
    def check(value: object) -> Any:
        return None if value is None or value == "unlimited" else parse(value)

    return check


def _text(write: Callable[[Any], str]) -> PlainSerializer:
    return PlainSerializer(
        lambda value: "unlimited" if value is None else write(value), return_type=str
    )


def _form(pattern: re.Pattern[str], example: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{pattern.pattern}$", "examples": [example]}


def _any(*forms: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": list(forms)} if forms[1:] else forms[0])


_UNLIMITED: Final = {"const": "unlimited"}
_A_DURATION: Final = _form(_DURATION, "80ms")
_A_COUNT: Final = ({"type": "integer", "minimum": 0}, _form(_COUNT, "10k"))
_ONE_OR_MORE: Final = _any(*(form | {"minimum": 1} for form in _A_COUNT))
_A_RATIO: Final = ({"type": "number", "minimum": 0, "maximum": 1}, _form(_RATIO, "5%"))
_COUNT_OR_UNLIMITED: Final = (
    PlainSerializer(lambda count: "unlimited" if count is None else count),
    _any(*_A_COUNT, _UNLIMITED),
)

Duration = Annotated[
    int, BeforeValidator(parse_duration), _text(format_duration), _any(_A_DURATION)
]
"""A duration in whole nanoseconds, written ``80ms``."""

PositiveDuration = Annotated[
    int,
    BeforeValidator(_positive(parse_duration)),
    _text(format_duration),
    _any(_A_DURATION | {"exclusiveMinimum": 0}),
]
"""A duration above zero, in whole nanoseconds."""

OptionalDuration = Annotated[
    int | None,
    BeforeValidator(_or_unlimited(parse_duration)),
    _text(format_duration),
    _any(_A_DURATION, _UNLIMITED),
]
"""A duration in whole nanoseconds, or ``unlimited`` (None)."""

Rate = Annotated[
    float, BeforeValidator(parse_rate), _text(format_rate), _any(_form(_RATE, "100/s"))
]
"""A rate per second, above zero, written ``100/s``."""

OptionalRate = Annotated[
    float | None,
    BeforeValidator(_or_unlimited(parse_rate)),
    _text(format_rate),
    _any(_form(_RATE, "1/s"), _UNLIMITED),
]
"""A rate per second, or ``unlimited`` (None)."""

Count = Annotated[int, BeforeValidator(parse_count), _any(*_A_COUNT)]
"""A whole number of things, written ``800`` or ``10k``."""

PositiveCount = Annotated[int, BeforeValidator(_positive(parse_count)), _ONE_OR_MORE]
"""A whole number of things, at least one."""

OptionalCount = Annotated[
    int | None, BeforeValidator(_or_unlimited(parse_count)), *_COUNT_OR_UNLIMITED
]
"""A whole number of things, or ``unlimited`` (None)."""

OptionalPositiveCount = Annotated[
    int | None,
    BeforeValidator(_or_unlimited(_positive(parse_count))),
    *_COUNT_OR_UNLIMITED,
]
"""A whole number of things, at least one, or ``unlimited`` (None)."""

Ratio = Annotated[
    float, BeforeValidator(parse_ratio), _text(format_ratio), _any(*_A_RATIO)
]
"""A share in [0, 1], written ``5%`` or ``0.05``."""

Size = Annotated[
    int, BeforeValidator(parse_size), _text(format_size), _any(_form(_SIZE, "64KiB"))
]
"""A size in bytes, written ``64KiB``."""
