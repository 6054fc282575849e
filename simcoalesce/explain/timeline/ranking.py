"""Ranking: which events a story tells, if there are too many."""

from collections.abc import Sequence
from typing import Final

from simcoalesce.explain.timeline.event import Event

_MOST: Final = 24
"""A story has one line more, which says how many are not told."""
_ALWAYS: Final = frozenset(
    (
        *("arrivals_begin", "first_call", "first_answer", "first_hit", "first_error"),
        "bypass",
        *("first_429", "recovery", "no_recovery", "change", "last_arrival"),
        *("more_surges", "more_stampedes", "more_errors"),
    )
)
"""What begins or ends something, or says what is not told."""


def ranked(events: Sequence[Event], last_ns: int) -> list[Event]:
    """Return the events that are told, and how many are not.

    Args:
        events: All of them, in any order.
        last_ns: When the last request arrives.
    """
    if len(events) <= _MOST:
        return list(events)
    others = [at for at, event in enumerate(events) if event.kind not in _ALWAYS]
    room = max(_MOST - (len(events) - len(others)), 0)
    largest = sorted(others, key=lambda at: (-events[at].number, at))
    left = set(largest[room:])
    if not left:
        return list(events)
    most = max(events[at].number for at in left)
    told = [event for at, event in enumerate(events) if at not in left]
    note = Event(last_ns, "not_told", len(left), "timeline", largest=most)
    return [*told, note]
