"""Round ranges: the values of a range that a person would write."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import exp, expm1, floor, log, log10
from typing import Final

from simcoalesce.scenario.axis import Axis
from simcoalesce.units import (
    NS_PER_S,
    format_duration,
    parse_count,
    parse_duration,
    parse_rate,
)

_LEAST_RATIO: Final = 1e-4
_MOST_RATIO: Final = 0.1
_NS_BY_UNIT: Final = {
    "d": 86_400 * NS_PER_S,
    "h": 3_600 * NS_PER_S,
    "m": 60 * NS_PER_S,
    "s": NS_PER_S,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}


@dataclass(frozen=True, slots=True)
class RoundRange:
    """A range of which only round values are taken: 123s, not 122.8s.

    The values are multiples of a step: a power of ten of a unit, at most the tolerance.
    Counts are whole.

    Attributes:
        axis: The range.
        tolerance_ratio: The share of the range that a step does not exceed.
    """

    axis: Axis
    tolerance_ratio: float

    def at(self, share: float) -> str:
        """Return the round value nearest to a share of the range, in [0, 1]."""
        if share in {0.0, 1.0}:
            return self.axis.at(share)
        low, high = self._ends
        ratio = min(max(self.tolerance_ratio, _LEAST_RATIO), _MOST_RATIO)
        if self.axis.is_log:
            value = low * exp(share * log(high / low))
            return self._written(value, -value * expm1(-ratio * log(high / low)))
        return self._written(low + share * (high - low), ratio * (high - low))

    def share(self, value: str) -> float:
        """Return where in the range a value is."""
        number, (low, high) = self.axis.number(value) or 0.0, self._ends
        if self.axis.is_log:
            return log(number / low) / log(high / low)
        return (number - low) / (high - low)

    @property
    def _ends(self) -> tuple[float, float]:
        low, high = map(self.axis.number, (self.axis.low, self.axis.high))
        return low or 0.0, high or 0.0

    def _written(self, value: float, width: float) -> str:
        low, high = self.axis.low, self.axis.high
        if "/" in high:
            per = high.partition("/")[2].strip()
            unit = parse_rate(f"1/{per}")
            return f"{_round(value / unit, width / unit)}/{per}"
        if high.endswith("%"):
            return f"{_round(value * 100, width * 100)}%"
        if _is(parse_duration, high):
            return _duration(value, width, low, high)
        if _is(parse_count, low) and _is(parse_count, high):
            return _in_thousands(_round(value, max(width, 1.0)), low, high)
        return _round(value, width)


def _is(read: Callable[[object], int], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _round(value: float, width: float) -> str:
    """Round to a multiple of the largest power of ten that is no wider than a width."""
    step = Decimal(10) ** floor(log10(width) + 1e-9)
    rounded = round(Decimal(value) / step) * step
    return f"{rounded.normalize():f}"


def _in_thousands(count: str, low: str, high: str) -> str:
    """Write a count with k if both ends have it or M."""
    in_thousands = low[-1] in "kM" and high[-1] in "kM"
    is_whole = count.endswith("000")
    return f"{count[:-3]}k" if in_thousands and is_whole else count


def _duration(value_ns: float, width_ns: float, low: str, high: str) -> str:
    """Write a duration on steps of the coarsest unit that is no wider than a width."""
    asked = sorted(_NS_BY_UNIT[_unit(end)] for end in (low, high))
    sizes = [size for size in _NS_BY_UNIT.values() if size <= min(width_ns, asked[1])]
    size_ns = sizes[0] if sizes else 1
    steps = _round(value_ns / size_ns, max(width_ns / size_ns, 1.0))
    between = [
        unit for unit, size in _NS_BY_UNIT.items() if asked[0] <= size <= asked[1]
    ]
    return _in_units(int(steps) * size_ns, between)


def _in_units(duration_ns: int, units: list[str]) -> str:
    """Write a duration in the finest unit of which it has less than 1,000.

    What is left of a minute or more stands in finer units: 2m22s, not 2.367m.
    """
    fine = [unit for unit in units if duration_ns < 1_000 * _NS_BY_UNIT[unit]]
    unit = (fine or units)[-1]
    size_ns = _NS_BY_UNIT[unit]
    if size_ns <= NS_PER_S:
        return f"{(Decimal(duration_ns) / size_ns).normalize():f}{unit}"
    written = ""
    for coarse in [*_NS_BY_UNIT][[*_NS_BY_UNIT].index(unit) : 3]:
        count, duration_ns = divmod(duration_ns, _NS_BY_UNIT[coarse])
        written += f"{count}{coarse}" if count else ""
    return written + (format_duration(duration_ns) if duration_ns else "")


def _unit(duration: str) -> str:
    """Return the unit of a duration, of 1m30s the last."""
    letters = re.split(r"[^a-zµ]+", duration.strip())[-1]
    return letters.replace("µ", "u").replace("min", "m")
