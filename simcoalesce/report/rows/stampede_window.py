"""The miss window that a picture is about: the run's largest stampede."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.stampede import Stampedes, stampedes
from simcoalesce.outcomes import Outcomes
from simcoalesce.units import NS_PER_S

_FEWEST_TO_PART: Final = 10


@dataclass(frozen=True, slots=True)
class PicturedStampede:
    """A miss window, as far as it makes one picture.

    Attributes:
        key: Index of its key.
        location: Index of its location.
        opened_at_ns: Arrival of the first miss.
        closed_at_ns: Arrival of the first request that a cache served again; None if
            none came while the misses were under way.
        answered_at_ns: When the last of the misses was answered.
        number: Its rank in time among the run's stampedes, from 1.
        of: How many stampedes the run has.
    """

    key: int
    location: int
    opened_at_ns: int
    closed_at_ns: int | None
    answered_at_ns: int
    number: int
    of: int

    @property
    def open_s(self) -> float | None:
        """How long it was open, in seconds; None if nothing was seen to end it."""
        if self.closed_at_ns is None:
            return None
        return (self.closed_at_ns - self.opened_at_ns) / NS_PER_S


def largest_window(outcomes: Outcomes) -> PicturedStampede | None:
    """Return the run's largest stampede; None if no two misses share a window.

    Those that a cache hit ended come first: while the origin refuses everybody, a
    window is only the longer for it, and shows nothing of how it opens and closes.
    None, too, where most misses meanwhile, or nearly all of the run, were of other
    keys: no single stampede then tells what happened.
    """
    found, rows = stampedes(outcomes), outcomes.request_rows
    is_stampede = found.size >= 2
    if not is_stampede.any():
        return None
    rank = found.size + found.is_closed * is_stampede * found.size.max()
    which = int(np.argmax(rank))
    members = _members(outcomes, found, which)
    at_ns = rows.arrived_at_ns
    first_ns, last_ns = int(at_ns[members[0]]), int(at_ns[members[-1]])
    is_miss = outcomes.missed
    meanwhile = np.count_nonzero(is_miss & (at_ns >= first_ns) & (at_ns <= last_ns))
    # A third of all misses in its time, or more, must be its own.
    if 3 * len(members) < meanwhile:
        return None
    # Of many keys it must be one of the few that matter.
    if len(outcomes.keys) > 1 and 20 * len(members) < np.count_nonzero(is_miss):
        return None
    closed_ns = int(found.closed_at_ns[which])
    answered_ns = int(rows.completed_at_ns[members].max())
    # A cache hit that comes long after the misses says little of when they ended.
    is_seen = closed_ns - first_ns <= 2 * (answered_ns - first_ns)
    return PicturedStampede(
        key=int(found.key[which]),
        location=int(found.location[which]),
        opened_at_ns=first_ns,
        closed_at_ns=closed_ns if found.is_closed[which] and is_seen else None,
        answered_at_ns=answered_ns,
        number=int(np.count_nonzero(is_stampede[: which + 1])),
        of=int(np.count_nonzero(is_stampede)),
    )


def _members(outcomes: Outcomes, found: Stampedes, which: int) -> NDArray[np.int64]:
    """Return the misses of a window, or the largest part that no silence divides."""
    rows = outcomes.request_rows
    is_member = outcomes.missed & (rows.key == found.key[which])
    is_member &= rows.location == found.location[which]
    is_member &= rows.arrived_at_ns >= found.opened_at_ns[which]
    members = np.flatnonzero(is_member)[: found.size[which]]
    return _densest(members, rows.arrived_at_ns)


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
