"""Stampede windows: the misses of one key at one location that belong together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.stampede import stampedes
from simcoalesce.outcomes import NEVER, Outcomes, Role


@dataclass(frozen=True, slots=True)
class StampedeWindow:
    """Misses of one key at one location, and their calls of the origin.

    Attributes:
        key: Its index.
        location: Its index.
        opened_at_ns: Arrival of the first miss.
        closed_at_ns: Arrival of the first request that a cache serves; NEVER if more
            misses follow, or none is served.
        followers: Misses that wait for the fetch of another.
        calls: Calls of the origin that the misses make, at any time.
        refused: How many of these the origin refuses.
        last_at_ns: Arrival of the last miss.
    """

    key: int
    location: int
    opened_at_ns: int
    closed_at_ns: int
    misses: int
    followers: int
    calls: int
    refused: int
    last_at_ns: int


def stampede_windows(outcomes: Outcomes) -> list[StampedeWindow]:
    """Return the miss windows of a run, in the order in which they opened.

    A window lasts until a cache serves the key, even if that is hours later.
    """
    ends = _Ends.of(outcomes)
    return _windows(outcomes, ends.missed, ends.first, ends.closed_at_ns)


def clusters(outcomes: Outcomes) -> list[StampedeWindow]:
    """Return the misses of each window that belong together, in order of time.

    A miss begins another if all before it in its window have been answered for longer
    than any of them had to wait, and than they go on already: where a layer refuses at
    once, misses never overlap.
    """
    ends, rows = _Ends.of(outcomes), outcomes.request_rows
    arrived_ns = rows.arrived_at_ns[ends.missed]
    until_ns = _largest_so_far(rows.completed_at_ns[ends.missed], ends.first)
    longest_ns = _largest_so_far(rows.latency_ns[ends.missed], ends.first)
    is_first = np.zeros(len(ends.missed), dtype=np.bool_)
    is_first[1:] = arrived_ns[1:] >= (until_ns + longest_ns)[:-1]
    is_first[ends.first] = True
    begun_ns, windows = 0, set(ends.first.tolist())
    for at in np.flatnonzero(is_first).tolist():
        quiet_ns = int(arrived_ns[at] - until_ns[at - 1])
        if at in windows or quiet_ns >= until_ns[at - 1] - begun_ns:
            begun_ns = int(arrived_ns[at])
        else:
            is_first[at] = False
    first = np.flatnonzero(is_first)
    closed_at_ns = np.full(len(first), NEVER)
    # The last cluster of a window ends as the window does.
    last = np.searchsorted(first, np.append(ends.first[1:], len(ends.missed))) - 1
    closed_at_ns[last[: len(ends.first)]] = ends.closed_at_ns
    return _windows(outcomes, ends.missed, first, closed_at_ns)


def _largest_so_far(
    values: NDArray[np.int64], first: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the largest value of each group so far; a group begins at each first."""
    many, order = len(values), np.argsort(values, kind="stable")
    rank = np.empty(many, dtype=np.int64)
    rank[order] = np.arange(many)
    group = np.repeat(np.arange(len(first)), np.diff(first, append=many))
    # Ranks, unlike values, stay small enough for the number of the group before them.
    largest = np.maximum.accumulate(group * many + rank) - group * many
    return values[order][largest]


@dataclass(frozen=True)
class _Ends:
    """The misses of a run by windows, and where each window begins and ends."""

    missed: NDArray[np.int64]
    first: NDArray[np.int64]
    closed_at_ns: NDArray[np.int64]

    @classmethod
    def of(cls, outcomes: Outcomes) -> "_Ends":
        """Return those of a run; windows of one key and location in a row."""
        rows, keys = outcomes.request_rows, len(outcomes.keys)
        found = stampedes(outcomes)
        missed = np.flatnonzero(outcomes.missed)
        group = rows.location[missed] * keys + rows.key[missed]
        order = np.lexsort((found.opened_by, found.location * keys + found.key))
        first = np.cumsum(found.size[order]) - found.size[order]
        in_groups = missed[np.argsort(group, kind="stable")]
        return cls(in_groups, first, found.closed_at_ns[order])


def _windows(
    outcomes: Outcomes,
    missed: NDArray[np.int64],
    first: NDArray[np.int64],
    closed_at_ns: NDArray[np.int64],
) -> list[StampedeWindow]:
    """Return the windows that begin at some of the misses, in the order of time."""
    rows, many = outcomes.request_rows, len(first)
    size = np.diff(first, append=len(missed))
    group = np.full(len(rows.request), -1)
    group[missed] = np.repeat(np.arange(many), size)
    caller = row_of_calls(outcomes)
    called = np.where(caller >= 0, group[caller], -1)
    waited = group[rows.role == int(Role.FOLLOWER)]
    refused = called[outcomes.origin_rows.status == 429]
    head = missed[first]
    columns = [rows.key[head], rows.location[head], rows.arrived_at_ns[head]]
    columns += [closed_at_ns, size]
    columns += [
        np.bincount(one[one >= 0], minlength=many) for one in (waited, called, refused)
    ]
    columns.append(rows.arrived_at_ns[missed[first + size - 1]])
    order = np.argsort(head)
    lists = (column[order].tolist() for column in columns)
    return [StampedeWindow(*row) for row in zip(*lists, strict=True)]


def row_of_calls(outcomes: Outcomes) -> NDArray[np.int64]:
    """Return the row of the request that made each call; -1 if it has none."""
    requests, callers = outcomes.request_rows.request, outcomes.origin_rows.request
    order = np.argsort(requests, kind="stable")
    row = order[np.searchsorted(requests[order], callers).clip(max=len(requests) - 1)]
    return np.where(requests[row] == callers, row, -1)
