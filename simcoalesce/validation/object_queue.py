"""The queue before an object, as far as the worker can see it.

The isolate says when it sends a request to the object, and the object when it lets it
in. A wait that is no longer than the clock is fine is none.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from simcoalesce.validation.http import Message

_STAY: Final = re.compile(r"coalescer \((\d+) (\d+)\)")
_CLOCK_MS: Final = 1


def stays_ms(messages: Iterable[Message | None]) -> list[tuple[int, int]]:
    """Return when each request that asked an object was sent to it, and let in."""
    headers = (message.headers.get("via", "") for message in messages if message)
    found = (_STAY.search(header) for header in headers)
    return [(int(stay[1]), int(stay[2])) for stay in found if stay]


def peak_queue(stays: Sequence[tuple[int, int]]) -> int:
    """Return how many waited at once, at most.

    >>> peak_queue([(0, 9), (2, 7), (7, 12), (3, 4)])
    2
    """
    waits = [stay for stay in stays if stay[1] - stay[0] > _CLOCK_MS]
    # A request is let in before the next one of the same instant arrives.
    steps = sorted([(at, 1) for at, _ in waits] + [(until, -1) for _, until in waits])
    queue = peak = 0
    for _, step in steps:
        queue += step
        peak = max(peak, queue)
    return peak
