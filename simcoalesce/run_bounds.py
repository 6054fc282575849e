"""Bounds of a run: the horizon of its times, and how much may happen in it."""

from typing import Final

HORIZON_NS: Final = 1 << 62
"""No instant of a run, and none of a log since 1970, is as late as this."""
LONGEST_DRAW_NS: Final = 30 * 86_400 * 1_000_000_000
"""Tables of quantiles end there: no draw takes longer."""
MOST_EVENTS: Final = 1_000_000_000
"""Of one run on the SimPy engine: about an hour."""
MOST_SENT: Final = 100_000_000
"""By clients who wait for answers, in one run: half an hour."""
MOST_CALLS: Final = 100_000
"""That one request may make of what is behind the layers that ask again."""
MOST_TURNS: Final = 10_000_000
"""Bursts, turns and rounds of a run: some seconds."""
MOST_NAMES: Final = 10_000_000
"""Of keys, in all their versions."""
MOST_LOOKS: Final = 100_000_000
"""Of one request that waits for another's fetch."""


class HorizonError(ValueError):
    """A time that is beyond the horizon."""


def past_horizon(what: str) -> str:
    """Return what is said of times beyond the horizon, the same everywhere.

    >>> past_horizon("an instant of the run")
    'an instant of the run is beyond the horizon of 146 years (2^62 ns)'
    """
    return f"{what} is beyond the horizon of 146 years (2^62 ns)"


def check_instant(at_ns: float) -> None:
    """Refuse an instant of a run that is beyond the horizon.

    Raises:
        ValueError: If it is.
    """
    if at_ns >= HORIZON_NS:
        said = past_horizon("an instant of the run")
        raise HorizonError(
            f"{said}; write shorter times, or let fewer requests wait for each other"
        )


def too_many_events() -> ValueError:
    """Return the error for a run in which more happens than anybody waits for."""
    return ValueError(
        f"more than {MOST_EVENTS:,} events in one run; that would take hours: lower the"
        " rates, the duration or the attempts, or let who waits look less often"
    )


def too_many_sent() -> ValueError:
    """Return the error for clients who send more than anybody waits for."""
    return ValueError(
        f"clients who wait for answers send more than {MOST_SENT:,} requests in one"
        " run; that would take hours: let them think longer, or shorten the duration"
    )


def too_many(written: str, count: int, most: int, instead: str) -> str:
    """Return what is said of a value that makes too much happen.

    >>> too_many("every 1ns", 5_000_000_000, 10_000_000, "a longer every")
    'every 1ns: that is 5,000,000,000 times, at most 10,000,000; write a longer every'
    """
    return f"{written}: that is {count:,} times, at most {most:,}; write {instead}"


def check_looks(poll_ns: int, wait_ns: int | None) -> None:
    """Refuse a poll that has one request look more often than anybody waits for.

    Raises:
        ValueError: If it does.
    """
    looks = (wait_ns or 0) // poll_ns
    if looks > MOST_LOOKS:
        raise ValueError(too_many("poll", looks, MOST_LOOKS, "a longer poll"))
