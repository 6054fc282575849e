"""Numbers in logs: durations, isolates and statuses, exact to the last digit."""

from decimal import Decimal
from typing import Any, Final

from simcoalesce.logs.cache_status import NOT_LOGGED

NS_PER: Final = {"s": 10**9, "ms": 10**6, "us": 1_000, "ns": 1}
"""Nanoseconds of the units that logs write."""
NOTHING: Final = (None, "", "-")
"""How logs write that there is nothing."""

_LATEST_NS: Final = (1 << 63) - 1
_EXACT_BELOW: Final = 1 << 50
_MOST_ISOLATES: Final = (1 << 31) - 1


def whole_ns(number: str, ns_per_unit: int) -> int:
    """Return a written number of units in nanoseconds, exact to the last digit.

    Raises:
        ValueError: If it is no number, or none that a clock of 64 bits can show.
    """
    try:
        quick = float(number) * ns_per_unit
        if -_EXACT_BELOW < quick < _EXACT_BELOW:
            return round(quick)
        if is_far := abs(quick) >= 2 * _LATEST_NS:
            number_ns = Decimal(0)
        else:
            number_ns = Decimal(number) * ns_per_unit
        exact = int(number_ns.to_integral_value())
    except (ValueError, ArithmeticError) as error:
        raise ValueError(f'"{number:.40}" is not a time') from error
    if is_far or abs(exact) > _LATEST_NS:
        raise ValueError(f"{number:.40} is out of range")
    return exact


def isolate_number(written: Any) -> int:
    """Return the number of an isolate, or NOT_LOGGED for nothing.

    Raises:
        ValueError: If it is not a whole number from 0 on.
    """
    if written is None or written == "":
        return NOT_LOGGED
    try:
        number = int(str(written))
    except ValueError as error:
        raise ValueError(f'isolate "{written!s:.40}" is not a number') from error
    if not 0 <= number <= _MOST_ISOLATES:
        raise ValueError(f"isolate {written!s:.40} is out of range")
    return number


def status_number(written: Any) -> int:
    """Return an HTTP status; 0 for nothing, and for what is none.

    Of several, as a proxy writes them that tried several origins, the last counts.
    """
    text = str(written).replace(":", ",").rpartition(",")[2].strip()
    return int(text) if len(text) == 3 and text.isdecimal() else 0


def total_ns(written: Any, ns_per_unit: int) -> int:
    """Return a duration in nanoseconds; NOT_LOGGED for nothing, or less.

    Several, as a proxy writes them that tried several origins, are added up. A number
    may bring its own unit.

    >>> total_ns("0.010, 0.002", 10**9), total_ns("-", 10**9), total_ns("3ms", 10**9)
    (12000000, -1, 3000000)

    Raises:
        ValueError: If it is not a number.
    """
    if written in NOTHING:
        return NOT_LOGGED
    parts = str(written).replace(":", " ").replace(",", " ").split()
    known = [_duration_ns(part, ns_per_unit) for part in parts if part not in NOTHING]
    return max(sum(known), NOT_LOGGED) if known else NOT_LOGGED


def _duration_ns(written: str, ns_per_unit: int) -> int:
    if written[-1] != "s":
        return whole_ns(written, ns_per_unit)
    number = written.rstrip("nuµmμs")
    unit = written[len(number) :].replace("µ", "u").replace("μ", "u")
    if unit not in NS_PER:
        raise ValueError(f'"{written:.40}" is not a duration')
    return whole_ns(number, NS_PER[unit])
