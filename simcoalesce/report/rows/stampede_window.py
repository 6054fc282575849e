"""The miss window that a picture is about: the run's largest stampede."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.stampede import Stampedes, stampedes
from simcoalesce.outcomes import Lookup, Outcomes

_FEWEST_TO_PART: Final = 10


@dataclass(frozen=True, slots=True)
class PicturedStampede:
    """A miss window, as far as it makes one picture.

    Attributes:
        opened_at_ns: Arrival of the first miss.
        closed_at_ns: Arrival of the first request that a cache served again; None if
            none came while the misses were under way.
        last_missed_at_ns: Arrival of the last miss.
        answered_at_ns: When the last of the misses was answered.
        size: Misses in it.
        number: Its place among the run's stampedes, from 1.
        of: How many stampedes the run has.
        is_largest: Whether none is larger; one that a cache hit ended goes before.
        key: Index of its key.
        location: Index of its location.
    """

    opened_at_ns: int
    closed_at_ns: int | None
    last_missed_at_ns: int
    answered_at_ns: int
    size: int
    number: int
    of: int
    is_largest: bool
    key: int
    location: int

    @property
    def open_s(self) -> float | None:
        """How long it was open, in seconds; None if nothing was seen to end it."""
        if self.closed_at_ns is None:
            return None
        return (self.closed_at_ns - self.opened_at_ns) / 1e9


def largest_window(outcomes: Outcomes) -> PicturedStampede | None:
    """Return the run's largest stampede; None if no two misses share a window.

    Those that a cache hit ended come first: while the origin refuses everybody, a
    window is only the longer for it, and shows nothing of how it opens and closes.
    None, too, where most misses meanwhile were of other keys: no single stampede then
    tells what happened.
    """
    found = stampedes(outcomes)
    if not len(found.size) or found.size.max() < 2:
        return None
    rank = found.size + found.is_closed * (found.size >= 2) * found.size.max()
    window = _window(outcomes, found, int(np.argmax(rank)))
    return window if _stands_out(window, outcomes) else None


def _stands_out(window: PicturedStampede, outcomes: Outcomes) -> bool:
    """Return whether a third of all misses in its time, or more, are its own."""
    rows = outcomes.request_rows
    is_meanwhile = rows.lookup == int(Lookup.MISS)
    is_meanwhile &= rows.arrived_at_ns >= window.opened_at_ns
    is_meanwhile &= rows.arrived_at_ns <= window.last_missed_at_ns
    return 3 * window.size >= int(np.count_nonzero(is_meanwhile))


def _window(outcomes: Outcomes, found: Stampedes, place: int) -> PicturedStampede:
    rows = outcomes.request_rows
    key, location = int(found.key[place]), int(found.location[place])
    closed_ns = int(found.closed_at_ns[place])
    is_member = (rows.key == key) & (rows.location == location)
    is_member &= rows.lookup == int(Lookup.MISS)
    is_member &= rows.arrived_at_ns >= found.opened_at_ns[place]
    members = _densest(
        np.flatnonzero(is_member)[: found.size[place]], rows.arrived_at_ns
    )
    opened_ns = int(rows.arrived_at_ns[members[0]])
    answered_ns = int(rows.completed_at_ns[members].max())
    # A cache hit that comes long after the misses says little of when they ended.
    is_seen = found.is_closed[place] and closed_ns - opened_ns <= 2 * (
        answered_ns - opened_ns
    )
    is_stampede = found.size >= 2
    return PicturedStampede(
        opened_at_ns=opened_ns,
        closed_at_ns=closed_ns if is_seen else None,
        last_missed_at_ns=int(rows.arrived_at_ns[members[-1]]),
        answered_at_ns=answered_ns,
        size=len(members),
        number=int(np.count_nonzero(is_stampede[: place + 1])),
        of=int(np.count_nonzero(is_stampede)),
        is_largest=bool(found.size[place] == found.size.max()),
        key=key,
        location=location,
    )


def _densest(
    members: NDArray[np.int64], arrived_at_ns: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the largest part of some misses that no long silence divides.

    While the origin fails, a window can stay open over several bursts; a picture of
    one of them says more than a picture of the silence between.
    """
    while len(members) >= _FEWEST_TO_PART:
        at_ns = arrived_at_ns[members]
        gaps = np.diff(at_ns)
        widest = int(np.argmax(gaps))
        if 4 * gaps[widest] <= at_ns[-1] - at_ns[0]:
            break
        before, after = members[: widest + 1], members[widest + 1 :]
        members = before if len(before) >= len(after) else after
    return members
