"""Miss windows as rows show them: who missed there, who waited, and who called."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.stampede import Stampedes, stampedes
from simcoalesce.outcomes import Lookup, Outcomes, Role


@dataclass(frozen=True, slots=True)
class Window:
    """The misses of one key at one location until a cache serves it.

    Attributes:
        key: Index of the key.
        location: Index of the location.
        opened_at_ns: Arrival of the first miss.
        closed_at_ns: Arrival of who was served by a cache; NEVER if nobody was.
        misses: Requests that missed.
        followers: How many of them waited for another's fetch.
        calls: Calls of the origin that they made, whenever.
        refused: How many of these the origin refused.
    """

    key: int
    location: int
    opened_at_ns: int
    closed_at_ns: int
    misses: int
    followers: int
    calls: int
    refused: int


def windows(outcomes: Outcomes) -> list[Window]:
    """Return the miss windows of a run, in the order in which they opened."""
    found, calls = stampedes(outcomes), outcomes.origin_rows
    place = _places(outcomes, found)
    waited = place[outcomes.request_rows.role == int(Role.FOLLOWER)]
    called = _places_of_calls(outcomes, place)
    columns = (
        found.key,
        found.location,
        found.opened_at_ns,
        found.closed_at_ns,
        found.size,
        *(
            np.bincount(one[one >= 0], minlength=len(found.size))
            for one in (waited, called, called[calls.status == 429])
        ),
    )
    return [
        Window(*row) for row in zip(*(one.tolist() for one in columns), strict=True)
    ]


def _places(outcomes: Outcomes, found: Stampedes) -> NDArray[np.int64]:
    """Return the place of the window in which each request missed; -1 if in none."""
    rows, keys = outcomes.request_rows, len(outcomes.keys)
    place = np.full(len(rows.request), -1)
    missed = np.flatnonzero(rows.lookup == int(Lookup.MISS))
    group = rows.location[missed] * keys + rows.key[missed]
    # The misses of one key at one location fill its windows, one after the other.
    order = np.lexsort((found.opened_by, found.location * keys + found.key))
    place[missed[np.argsort(group, kind="stable")]] = np.repeat(
        order, found.size[order]
    )
    return place


def _places_of_calls(outcomes: Outcomes, place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of the window in which who made each call missed."""
    requests, callers = outcomes.request_rows.request, outcomes.origin_rows.request
    order = np.argsort(requests, kind="stable")
    row = np.searchsorted(requests[order], callers).clip(max=len(requests) - 1)
    return np.where(requests[order][row] == callers, place[order][row], -1)
