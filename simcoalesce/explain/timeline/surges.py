"""Surges: misses, or calls, over all keys that come together."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcoalesce.explain.timeline.dense_intervals import dense_intervals
from simcoalesce.explain.timeline.stampede_windows import row_of_calls
from simcoalesce.outcomes import NEVER, Outcomes


@dataclass(frozen=True, slots=True)
class Surge:
    """Misses or calls that come much denser than usual.

    Attributes:
        first_at_ns: When the first of them came.
        last_at_ns: When the last of them came.
        is_of_calls: Whether it is of calls alone, and no surge of misses.
        number: How many misses, or calls.
        requests: How many requests arrived meanwhile.
        keys: How many keys they are of.
        most_of_one: How many are of one key at one location.
        served_before: How many pairs of key and location had been served before, in
            the scale of keys.
        age_ns: How long before their first miss the keys were fetched last (median of
            those that were); NEVER if none was.
        calls: Calls of the origin that they made, at any time.
        refused: How many of these the origin refused.
        in_flight: The most calls that were in flight at one instant meanwhile.
    """

    first_at_ns: int
    last_at_ns: int
    is_of_calls: bool
    number: int
    requests: int
    keys: int
    most_of_one: int
    served_before: int
    age_ns: int
    calls: int
    refused: int
    in_flight: int


def surges(outcomes: Outcomes) -> tuple[Surge, ...]:
    """Return the surges of misses of a run, and those of calls alone, in time.

    Calls surge alone e.g. where values are refreshed in the background, or requests
    are repeated long after they missed.
    """
    rows = outcomes.request_rows
    if not len(rows.request):
        return ()
    missed = np.flatnonzero(outcomes.missed)
    arrived_ns, span_ns = rows.arrived_at_ns[missed], _span_ns(outcomes)
    before = _Before.of(outcomes)
    found = [
        _of_misses(outcomes, missed[first : last + 1], before)
        for first, last in dense_intervals(arrived_ns, span_ns)
    ]
    found += _of_calls(outcomes, span_ns, found)
    return tuple(sorted(found, key=lambda one: one.first_at_ns))


def _span_ns(outcomes: Outcomes) -> tuple[int, int]:
    """Return when a run begins, and when its last request or call comes."""
    arrived, called = (
        outcomes.request_rows.arrived_at_ns,
        outcomes.origin_rows.called_at_ns,
    )
    last_ns = int(called.max()) if len(called) else 0
    return int(arrived[0]), max(int(arrived[-1]), last_ns)


@dataclass(frozen=True)
class _Before:
    """What each request comes after, of its own key and location; shape (requests,).

    Attributes:
        was_served: Whether a request had got a usable answer.
        called_at_ns: When the last fetch was called that had brought a usable answer;
            NEVER if none had.
    """

    was_served: NDArray[np.bool_]
    called_at_ns: NDArray[np.int64]

    @classmethod
    def of(cls, outcomes: Outcomes) -> "_Before":
        """Return it of a run."""
        rows, calls = outcomes.request_rows, outcomes.origin_rows
        pair, good = _pairs(outcomes), rows.answered
        served = _last_before(
            rows.arrived_at_ns, pair, rows.completed_at_ns[good], pair[good]
        )
        row, brought = row_of_calls(outcomes), calls.status < 400
        brought &= row >= 0
        of_call = pair[row[brought]]
        fetched = _last_before(
            rows.arrived_at_ns, pair, calls.completed_at_ns[brought], of_call
        )
        called_ns = np.append(calls.called_at_ns[brought], NEVER)
        return cls(served >= 0, called_ns[fetched])


def _pairs(outcomes: Outcomes) -> NDArray[np.int64]:
    """Return the number of each request's pair of key and location."""
    rows = outcomes.request_rows
    return rows.location * len(outcomes.keys) + rows.key


def _last_before(
    at_ns: NDArray[np.int64],
    group: NDArray[np.int64],
    then_ns: NDArray[np.int64],
    then_group: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return which of some instants was the last of its group by each of others.

    Args:
        at_ns: The instants that are asked about, shape (n,).
        group: Their groups, shape (n,).
        then_ns: The instants among which one is looked for, shape (m,).
        then_group: Their groups, shape (m,).

    Returns:
        Indices into `then_ns`, shape (n,); -1 where there is none.
    """
    instants, groups = np.append(then_ns, at_ns), np.append(then_group, group)
    order = np.lexsort((instants, groups))
    is_then = order < len(then_ns)
    place = np.maximum.accumulate(np.where(is_then, np.arange(len(order)), -1))
    last = np.where(place >= 0, order[place], -1)
    last[(last >= 0) & (groups[last] != groups[order])] = -1
    found = np.empty(len(order), dtype=np.int64)
    found[order] = last
    return found[len(then_ns) :]


def _of_misses(outcomes: Outcomes, missed: NDArray[np.int64], before: _Before) -> Surge:
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    first_ns, last_ns = (int(rows.arrived_at_ns[missed[at]]) for at in (0, -1))
    pair, first, sizes = np.unique(
        _pairs(outcomes)[missed], return_index=True, return_counts=True
    )
    heads = missed[first]
    fetched_ns = before.called_at_ns[heads]
    ages_ns = (rows.arrived_at_ns[heads] - fetched_ns)[fetched_ns != NEVER]
    keys = len(np.unique(rows.key[missed]))
    served = int(np.count_nonzero(before.was_served[heads]))
    made = np.flatnonzero(np.isin(calls.request, rows.request[missed]))
    _, first = np.unique(calls.request[made], return_index=True)
    # Their first calls come a look-up later than they do.
    called_ns = int(calls.called_at_ns[made[first]].max(initial=last_ns))
    return Surge(
        first_ns,
        last_ns,
        is_of_calls=False,
        number=len(missed),
        requests=int(missed[-1] - missed[0] + 1),
        keys=keys,
        most_of_one=int(sizes.max()),
        served_before=round(keys * served / len(pair)),
        age_ns=int(np.median(ages_ns)) if len(ages_ns) else NEVER,
        calls=len(made),
        refused=int(np.count_nonzero(calls.status[made] == 429)),
        in_flight=most_in_flight(outcomes, first_ns, called_ns),
    )


def _of_calls(
    outcomes: Outcomes, span_ns: tuple[int, int], of_misses: list[Surge]
) -> Iterator[Surge]:
    """Yield the surges of calls that are not those of a surge of misses."""
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    row = row_of_calls(outcomes)
    arrived_ns = np.where(row >= 0, rows.arrived_at_ns[row], NEVER)
    for first, last in dense_intervals(calls.called_at_ns, span_ns):
        first_ns, last_ns = (int(calls.called_at_ns[at]) for at in (first, last))
        made = slice(first, last + 1)
        if any(
            _is_made_by(one, (first_ns, last_ns), arrived_ns[made]) for one in of_misses
        ):
            continue
        is_there = (rows.arrived_at_ns >= first_ns) & (rows.arrived_at_ns <= last_ns)
        _, sizes = np.unique(calls.key[made], return_counts=True)
        yield Surge(
            first_ns,
            last_ns,
            is_of_calls=True,
            number=last - first + 1,
            requests=int(np.count_nonzero(is_there)),
            keys=len(sizes),
            most_of_one=int(sizes.max()),
            served_before=0,
            age_ns=NEVER,
            calls=last - first + 1,
            refused=int(np.count_nonzero(calls.status[made] == 429)),
            in_flight=most_in_flight(outcomes, first_ns, last_ns),
        )


def _is_made_by(
    surge: Surge, span_ns: tuple[int, int], arrived_ns: NDArray[np.int64]
) -> bool:
    """Return whether calls in a span are those of a surge of misses, or beside one.

    Args:
        surge: The surge of misses.
        span_ns: When the first and the last of the calls are made.
        arrived_ns: When the requests arrived that make them, shape (calls,).
    """
    first_ns, last_ns = span_ns
    if surge.first_at_ns <= last_ns and first_ns <= surge.last_at_ns:
        return True
    is_its = (arrived_ns >= surge.first_at_ns) & (arrived_ns <= surge.last_at_ns)
    return 2 * int(np.count_nonzero(is_its)) >= len(arrived_ns)


def most_in_flight(outcomes: Outcomes, from_ns: int, until_ns: int) -> int:
    """Return the most calls that are open at one instant of a time, both ends in it.

    As in `origin_peak_concurrency`, a call that ends at once is never open.
    """
    calls = outcomes.origin_rows
    is_open = calls.completed_at_ns > np.maximum(calls.called_at_ns, from_ns)
    is_open &= calls.called_at_ns <= until_ns
    called = np.sort(np.maximum(calls.called_at_ns[is_open], from_ns))
    ends = np.sort(calls.completed_at_ns[is_open])
    if not len(called):
        return 0
    ended = np.searchsorted(ends, called, side="right")
    return int(np.max(np.arange(1, len(called) + 1) - ended))
