"""Axes: one parameter of a sweep, and the values that it takes."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, floor, log, log10
from typing import Any, Final

from simcoalesce.units import (
    NS_PER_S,
    format_duration,
    format_rate,
    format_ratio,
    parse_count,
    parse_duration,
    parse_rate,
)
from simcoalesce.yaml.writer import flow_text

_MOST_STEPS: Final = 10_000
_STEPS: Final = re.compile(r"(.*?)/(\d{1,6})?(log)?")
_DIGITS: Final = 3
_NS_BY_UNIT: Final = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": NS_PER_S,
    "m": 60 * NS_PER_S,
    "h": 3_600 * NS_PER_S,
    "d": 86_400 * NS_PER_S,
}


@dataclass(frozen=True, slots=True)
class Axis:
    """A parameter, and its values as a scenario writes them.

    Attributes:
        key: The path of the parameter, as ``-s`` takes it.
        values: The values of a grid; empty if only a range is given.
        low: Where a range begins, e.g. ``180ms``; empty for a list.
        high: Where it ends.
        is_log: Whether equal steps are equal ratios.
    """

    key: str
    values: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    is_log: bool = False

    @classmethod
    def parse(cls, text: str) -> "Axis":
        """Return the axis that ``KEY=VALUES`` states.

        Raises:
            ValueError: If there is no key, or no value; the message says what to write.
        """
        key, equals, written = text.partition("=")
        if not equals or not key.strip() or not written.strip():
            raise ValueError(
                f'"{text}" is no axis; write KEY=20ms,80ms or KEY=180ms..2.88s/5log'
            )
        return cls.of(key.strip(), written)

    @classmethod
    def of(cls, key: str, written: Any) -> "Axis":
        """Return the axis of a key: a list of values, or a text as ``-P`` takes it.

        Raises:
            ValueError: If these are no values.
        """
        if isinstance(written, Sequence) and not isinstance(written, str):
            return _listed(key, [flow_text(value) for value in written])
        span = _span(str(written))
        if span is None:
            return _listed(key, [*_split(str(written))])
        low, high, steps, is_log = span
        _check(key, low, high, is_log=is_log)
        if steps == 1 or steps > _MOST_STEPS:
            raise ValueError(f"{key}: a range has two to {_MOST_STEPS:,} steps")
        axis = cls(key, (), low, high, is_log)
        values = (axis.at(step / (steps - 1)) for step in range(steps))
        # Of whole numbers, several steps may be the same one.
        return cls(key, tuple(dict.fromkeys(values)), low, high, is_log)

    def at(self, share: float, *, digits: int = _DIGITS) -> str:
        """Return the value at a share of the range, in [0, 1], or of the list.

        Durations are written in the units between those of the ends, counts of
        thousands as such if both ends are.

        Args:
            share: 0 is the one end, 1 the other.
            digits: How many what lies between the ends of a range has.
        """
        if not self.low:
            last = len(self.values) - 1
            return self.values[min(floor(share * len(self.values)), last)]
        if share in {0.0, 1.0}:
            return self.high if share else self.low
        read, write = _scale_of(self.low)
        low, high = read(self.low), read(self.high)
        value = low + share * (high - low)
        if self.is_log:
            value = low * exp(share * log(high / low))
        if read is _SCALES[0][0]:
            return _duration(value, digits, self.low, self.high)
        written = write(_rounded(value, digits))
        return _in_thousands(written) if self._is_in_thousands else written

    @property
    def _is_in_thousands(self) -> bool:
        return all(re.fullmatch(r"[\d.]+[kM]", end) for end in (self.low, self.high))

    def number(self, value: str) -> float | None:
        """Return a value as a number, to order and compare; None if it is none."""
        try:
            return _scale_of(value)[0](value)
        except ValueError:
            return None


def _listed(key: str, values: Sequence[str]) -> Axis:
    if not values or not all(values):
        raise ValueError(f"{key}: an empty value; write e.g. {key}=20ms,80ms")
    if len(set(values)) < len(values):
        raise ValueError(f"{key}: a value stands twice")
    return Axis(key, tuple(values))


def _split(text: str) -> Iterator[str]:
    """Yield the values between commas that stand in no bracket."""
    depth, start = 0, 0
    for index, character in enumerate(text):
        depth += (character in "[{") - (character in "]}")
        if character == "," and not depth:
            yield text[start:index].strip()
            start = index + 1
    yield text[start:].strip()


def _span(text: str) -> tuple[str, str, int, bool] | None:
    """Return low, high, steps (0 if not given) and whether it is logarithmic."""
    low, dots, rest = text.partition("..")
    if not dots or not low.strip() or "," in text or "[" in text or "{" in text:
        return None
    match = _STEPS.fullmatch(rest.strip())
    high, steps, is_log = match.groups() if match else (rest, None, None)
    # In 10/s..80/s the part behind the last slash is a unit, and no number of steps.
    if match and steps is None and is_log is None:
        high = rest
    return low.strip(), high.strip(), int(steps or 0), bool(is_log)


def _check(key: str, low: str, high: str, *, is_log: bool) -> None:
    try:
        read, _ = _scale_of(low)
        begins, ends = read(low), read(high)
    except ValueError:
        raise ValueError(
            f"{key}: {low}..{high} is no range; both ends need the same kind of unit,"
            " e.g. 180ms..2.88s/5log, 50/s..800/s/5 or 10..1k/4log"
        ) from None
    if begins >= ends:
        raise ValueError(f"{key}: {low}..{high} must go up")
    if is_log and begins <= 0:
        raise ValueError(f"{key}: a logarithmic range cannot begin at {low}")


Read = Callable[[str], float]
Write = Callable[[float], str]


def _scale_of(text: str) -> tuple[Read, Write]:
    """Return how to read and write values of the kind that a text is."""
    for read, write in _SCALES:
        try:
            read(text)
        except ValueError:
            continue
        return read, write
    raise ValueError(f'"{text}" has no unit that a range can have')


def _percent(text: str) -> float:
    if not text.endswith("%"):
        raise ValueError("not in percent")
    return float(text[:-1]) / 100


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _duration(value_ns: float, digits: int, low: str, high: str) -> str:
    """Write a duration in the largest unit between those of two ends that it reaches.

    A unit serves up to 1,000 of it; no digit is below a nanosecond.
    """
    units = [*_NS_BY_UNIT]
    asked = sorted(units.index(_unit(end)) for end in (low, high))
    between = units[asked[0] : asked[1] + 1]
    unit = next((u for u in between if value_ns < 1_000 * _NS_BY_UNIT[u]), between[-1])
    size_ns = _NS_BY_UNIT[unit]
    finest = floor(log10(size_ns))
    written = Decimal(repr(round(_rounded(value_ns / size_ns, digits), finest)))
    return f"{written.normalize():f}{unit}"


def _unit(duration: str) -> str:
    """Return the unit of a duration, of 1m30s the last."""
    return re.split(r"[\d.\s]+", duration)[-1].replace("µ", "u").replace("min", "m")


def _in_thousands(count: str) -> str:
    """Write a count of three zeros or more with its k or M, as both ends are."""
    if count.endswith("000000"):
        return f"{count[:-6]}M"
    return f"{count[:-3]}k" if count.endswith("000") else count


def _rate(value: float) -> str:
    written = format_rate(value)
    return f"{value:g}/s" if len(written) > 10 else written


_SCALES: Final[tuple[tuple[Read, Write], ...]] = (
    (parse_duration, lambda duration_ns: format_duration(round(duration_ns))),
    (parse_rate, _rate),
    (_percent, format_ratio),
    (parse_count, lambda count: str(round(count))),
    (float, _number),
)


def _rounded(value: float, digits: int) -> float:
    """Round to so many digits, as nobody means 21.54434690ms."""
    if not value:
        return value
    return round(value, digits - 1 - floor(log10(abs(value))))
