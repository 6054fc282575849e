"""Moments of a log: an instant on a wall clock, or a duration after its start."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from simcoalesce.logs.instants import TimeReader
from simcoalesce.run_bounds import HorizonError
from simcoalesce.units import format_duration, parse_duration

_FIRST_EPOCH_S: Final = 10**9
"""A number below it (2001) is no instant, but lacks its unit."""


class WallClockInstant(int):
    """Nanoseconds since 1970, and how they were written."""

    written: str

    def in_zone(self, zone: str) -> int:
        """Return it, in this zone if it names none itself."""
        return TimeReader(zone=zone).instant_ns(self.written)


def _moment(value: Any) -> int:
    """Return a duration in nanoseconds, or an WallClockInstant."""
    if isinstance(value, WallClockInstant):
        return value
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    is_number = isinstance(value, (int, float))
    try:
        return parse_duration(value if is_number else text)
    except ValueError:
        if is_number and value < _FIRST_EPOCH_S:
            raise
    try:
        instant = WallClockInstant(TimeReader().instant_ns(text))
    except HorizonError:
        raise
    except ValueError:
        raise ValueError(
            f'"{text:.40}" is neither an instant nor a duration; write e.g.'
            " 2026-06-05T12:00:00Z, or 90s after the first request"
        ) from None
    instant.written = text
    return instant


def _written(moment: int) -> str:
    return (
        moment.written
        if isinstance(moment, WallClockInstant)
        else format_duration(moment)
    )


def written_instant(at_ns: int) -> str:
    """Return an instant as a person writes it, to the millisecond if it has any.

    >>> written_instant(1_780_660_800_250_000_000)
    '2026-06-05T12:00:00.250Z'
    """
    whole, rest = divmod(at_ns, 10**9)
    date = datetime.fromtimestamp(whole, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{date}.{rest // 10**6:03}Z" if rest >= 10**6 else f"{date}Z"


Moment = Annotated[
    int,
    PlainValidator(_moment),
    PlainSerializer(_written, return_type=str),
    WithJsonSchema(
        {"type": "string", "examples": ["2026-06-05T12:00:00Z", "90s"]},
    ),
]
"""An instant on a wall clock (an `WallClockInstant`), or a duration in nanoseconds."""
