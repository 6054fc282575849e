"""Selections: the part of the requests that a name such as errors[key=sale] is of."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

from simcoalesce.suggestion import did_you_mean, listed
from simcoalesce.units import NS_PER_S, format_duration, parse_duration

_EXAMPLE: Final = "write e.g. [location=icn], [key=sale] or [3m..5m]"
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_NS_PER_DAY: Final = 86_400 * NS_PER_S
_MOST_COMPARED: Final = 1_000
"""Of how many names one is suggested."""


class Instant(NamedTuple):
    """An instant of a run: from t = 0 on, or from midnight if a clock shows it."""

    at_ns: int
    is_clock: bool = False


class Period(NamedTuple):
    """A time from one instant until before another; None is the end of the run."""

    written: str
    begin: Instant | None
    end: Instant | None

    def within_ns(
        self, duration_ns: int, starts_at: datetime | None
    ) -> tuple[int, int | None]:
        """Return from when to when it lasts in a run; None if nothing ends it.

        Args:
            duration_ns: How long requests arrive.
            starts_at: The wall clock at t = 0.

        Raises:
            ValueError: If it is not within the run, or no clock is known.
        """
        begin_ns = _from_zero_ns(self.begin, starts_at) or 0
        end_ns = _from_zero_ns(self.end, starts_at)
        last_ns = duration_ns if end_ns is None else end_ns
        if last_ns > duration_ns or begin_ns >= duration_ns:
            end = format_duration(duration_ns)
            raise ValueError(f"{self.written} is not within the {end} of the run")
        if begin_ns >= last_ns:
            raise ValueError(f"{self.written} ends before it begins")
        return begin_ns, end_ns


class Selection(NamedTuple):
    """Which requests: of one key, of one location, within one time, or all of these."""

    key: str | None = None
    location: str | None = None
    time: Period | None = None


def base_of(name: str) -> str:
    """Return the metric of a name with a selection or without.

    >>> base_of("errors[location=icn]")
    'errors'
    """
    return name.partition("[")[0]


def is_selected(name: str) -> bool:
    """Whether a name is of a part of the requests."""
    return "[" in name


def selector_of(name: str) -> str:
    """Return what selects, with its brackets; empty if nothing does.

    >>> selector_of("errors[location=icn]"), selector_of("errors")
    ('[location=icn]', '')
    """
    return name.removeprefix(base_of(name))


def selection_of(name: str) -> Selection:
    """Return the selection of a name that `selected_name` made."""
    return _read(name.partition("[")[2].removesuffix("]"))


def selected_name(
    metric: str, selector: str, selectable: Mapping[str, frozenset[str]]
) -> str:
    """Return the name of a metric of a part of the requests.

    Args:
        metric: The metric.
        selector: As it is written behind it, with its brackets.
        selectable: By what each metric can be selected: key, location, time.

    Raises:
        ValueError: If it cannot be selected so: what to write instead.
    """
    inner = selector.strip().removeprefix("[")
    if not inner.endswith("]"):
        raise ValueError(f'a "]" is missing; {_EXAMPLE}')
    selection = _read(inner[:-1])
    for by, value in selection._asdict().items():
        if value is not None and by not in selectable.get(metric, frozenset()):
            raise ValueError(f"{metric} is not known by {by}; write {metric}")
    return f"{metric}[{', '.join(_parts(inner[:-1]))}]"


def index_of(name: str | None, what: str, names: Sequence[str]) -> int | None:
    """Return which key or location is selected; None if any is.

    Args:
        name: Its name.
        what: key or location.
        names: Those that there are.

    Raises:
        ValueError: If there is no such name; the message says which there are.
    """
    if name is None:
        return None
    try:
        return names.index(name)
    except ValueError:
        near = did_you_mean(name, islice(names, _MOST_COMPARED))
        known = "" if near else f"; there are {listed(names)}"
        raise ValueError(f'no {what} "{name}"{near or known}') from None


def _parts(inner: str) -> list[str]:
    parts = [part.strip() for part in inner.split(",")]
    return [_without_blanks(part) for part in parts]


def _without_blanks(part: str) -> str:
    """Return a part without blanks around the first sign in it."""
    sign = re.search(r"=|\.\.", part)
    if sign is None:
        return part
    return f"{part[: sign.start()].rstrip()}{sign[0]}{part[sign.end() :].lstrip()}"


def _read(inner: str) -> Selection:
    found: dict[str, str] = {}
    for part in _parts(inner):
        by, equals, value = part.partition("=")
        if not equals and ".." in part:
            by, value = "time", part
        if by not in Selection._fields or not value:
            raise ValueError(f'"{part}" selects nothing; {_EXAMPLE}')
        if by in found:
            raise ValueError(f"{by} stands there twice; {_EXAMPLE}")
        found[by] = value
    time = _period(found["time"]) if "time" in found else None
    return Selection(found.get("key"), found.get("location"), time)


def _period(written: str) -> Period:
    begin, dots, end = (part.strip() for part in written.partition(".."))
    if not dots or not (begin or end):
        raise ValueError(f'"{written}" is no time; write e.g. 3m..5m or 21:03..21:05')
    return Period(written, _instant(begin), _instant(end))


def _instant(written: str) -> Instant | None:
    if not written:
        return None
    clock = _CLOCK.fullmatch(written)
    if clock is None:
        return Instant(parse_duration(written))
    hours, minutes, seconds = (int(part or 0) for part in clock.groups())
    return Instant((hours * 3_600 + minutes * 60 + seconds) * NS_PER_S, is_clock=True)


def _from_zero_ns(instant: Instant | None, starts_at: datetime | None) -> int | None:
    """Return an instant from t = 0 on; a clock shows the first such time from then."""
    if instant is None or not instant.is_clock:
        return instant.at_ns if instant else None
    if starts_at is None:
        raise ValueError(
            "a time of day needs starts_at: in the scenario; or write e.g. 3m..5m"
        )
    whole_s = starts_at.hour * 3_600 + starts_at.minute * 60 + starts_at.second
    start_ns = whole_s * NS_PER_S + starts_at.microsecond * 1_000
    return (instant.at_ns - start_ns) % _NS_PER_DAY
