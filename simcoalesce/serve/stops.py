"""Stops of a slider: the values that it offers, as a scenario writes them.

They follow from the value of the file alone, so that a slider stays as it is while it
is moved: from a hundredth of it to a hundred times as much, in steps of equal ratios;
shares of a whole go from 0 % to 100 % in equal steps.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from decimal import Decimal
from math import floor, log10
from typing import Final

from simcoalesce.units import (
    NS_PER_S,
    format_duration,
    parse_count,
    parse_duration,
    parse_rate,
    parse_ratio,
    parse_size,
)

Read = Callable[[str], float]

_NICE: Final = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80)
_CLOCK_S: Final = (
    *(1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 45, 50, 60, 75, 90),
    *(m * 60 for m in (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 45, 50, 60)),
    *(h * 3_600 for h in (2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 120, 168, 336, 720)),
)
_FACTOR: Final = 100
_TYPICAL_NS: Final = 100_000_000
_FEW: Final = 20
_KIB: Final = 1 << 10
_NEAR: Final = 1e-9

READS: Final[dict[str, Read]] = {
    "duration": parse_duration,
    "rate": parse_rate,
    "ratio": parse_ratio,
    "count": parse_count,
    "size": parse_size,
    "number": float,
}
"""How a value of each unit is read, as a number."""


def stops(unit: str, value: str, words: Sequence[str] = ()) -> list[str]:
    """Return what a slider offers, in growing order; words such as unlimited last.

    Args:
        unit: A key of READS.
        value: That of the file; it is one of them.
        words: What may stand instead of a number.

    >>> stops("ratio", "5%")[4:7], stops("rate", "2/s")[-2:]
    (['4%', '5%', '6%'], ['150/s', '200/s'])
    """
    read, has_number = READS[unit], value not in words
    made = _made(unit, value if has_number else "")
    numbers = {read(text): text for text in made}
    if has_number:
        numbers[read(value)] = value
    return [*(numbers[number] for number in sorted(numbers)), *words]


def nearest(unit: str, offered: Sequence[str], value: str) -> int:
    """Return the index of the stop that is a value, or the next one above it."""
    if value in offered:
        return offered.index(value)
    read = READS[unit]
    try:
        number = read(value)
    except ValueError:
        return 0
    numbers = [known for known in map(_number(read), offered) if known is not None]
    return max(min(bisect_left(numbers, number), len(numbers) - 1), 0)


def _number(read: Read) -> Callable[[str], float | None]:
    def number(text: str) -> float | None:
        try:
            return read(text)
        except ValueError:
            return None

    return number


def _made(unit: str, value: str) -> list[str]:
    if unit == "ratio":
        return [f"{percent}%" for percent in range(101)]
    if unit == "duration":
        return _durations(parse_duration(value) if value else 0)
    if unit == "rate":
        return _rates(value or "10/s")
    if unit == "count":
        return [str(one) for one in _counts(parse_count(value) if value else 100)]
    if unit == "size":
        return _sizes(parse_size(value) if value else _KIB)
    return _numbers(float(value or 1))


def _durations(value_ns: int) -> list[str]:
    middle_ns = value_ns or _TYPICAL_NS
    low_ns, high_ns = max(middle_ns // _FACTOR, 1_000), middle_ns * _FACTOR
    fine = (int(one) for one in _round_between(low_ns, min(high_ns, NS_PER_S)))
    coarse = (one * NS_PER_S for one in _CLOCK_S)
    made = [one for one in (*fine, *coarse) if low_ns <= one <= high_ns]
    return ["0ms", *map(format_duration, made)]


def _rates(value: str) -> list[str]:
    per = value.partition("/")[2].strip()
    middle = parse_rate(value) / parse_rate(f"1/{per}")
    made = _round_between(middle / _FACTOR, middle * _FACTOR)
    return [f"{_plain(one)}/{per}" for one in made]


def _counts(value: int) -> list[int]:
    low, high = max(value // _FACTOR, 1), max(value, 1) * _FACTOR
    few = range(1, _FEW) if low == 1 else range(0)
    return sorted({*few, *(int(one) for one in _round_between(low, high) if one >= 1)})


def _sizes(value_bytes: int) -> list[str]:
    exponents = range(-6, 11)
    around = (max(value_bytes, 1) * 2.0**exponent for exponent in exponents)
    return [_size(int(one)) for one in around if one >= 1]


def _size(size_bytes: int) -> str:
    for unit, per in (("GiB", _KIB**3), ("MiB", _KIB**2), ("KiB", _KIB)):
        if size_bytes >= per and not size_bytes % per:
            return f"{size_bytes // per}{unit}"
    return f"{size_bytes}B"


def _numbers(value: float) -> list[str]:
    """Return a tenth, two tenths ... of what is as large, up to three times it."""
    step = Decimal(10) ** (floor(log10(abs(value) or 1.0)) - 1)
    most = 3 * max(abs(value), float(10 * step))
    return [f"{(step * n).normalize():f}" for n in range(int(Decimal(most) / step) + 1)]


def _round_between(low: float, high: float) -> list[Decimal]:
    """Return the round numbers of a range, about ten in each power of ten."""
    first = floor(log10(low)) - 1
    last = floor(log10(high))
    every = (
        Decimal(nice) * Decimal(10) ** power
        for power in range(first, last + 1)
        for nice in _NICE
    )
    return [one for one in every if low * (1 - _NEAR) <= one <= high * (1 + _NEAR)]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
