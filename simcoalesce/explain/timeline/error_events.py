"""Events of errors: the first of each kind, refusals, and stale answers."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.explain.timeline.event import Event, row_event
from simcoalesce.outcomes import Lookup, Outcomes, RequestRows

_STATUS: Final = "requests.status"
_FEWEST_LATER: Final = 10
"""So many requests after the last 429 say that it was the last for a while."""
_MOST_KINDS: Final = 4
"""Of errors, by their status and by who answers them."""


def error_events(outcomes: Outcomes) -> Iterator[Event]:
    """Yield the first error of each kind that is no 429, the most frequent ones."""
    rows = outcomes.request_rows
    failed = np.flatnonzero((rows.status >= 400) & (rows.status != 429))
    kind = rows.served_by[failed] * 1_000 + rows.status[failed]
    kinds, numbers = np.unique(kind, return_counts=True)
    order = np.argsort(-numbers, kind="stable")
    alike = [failed[kind == kinds[at]] for at in order[:_MOST_KINDS]]
    alike.sort(key=lambda some: int(rows.completed_at_ns[some].min()))
    for at, some in enumerate(alike):
        yield _first(outcomes, some, "another_error" if at else "first_error")
    others = order[_MOST_KINDS:]
    if len(others):
        last_ns, number = int(rows.arrived_at_ns[-1]), int(numbers[others].sum())
        kinds_left, evidence = len(others), _STATUS
        yield Event(last_ns, "more_errors", number, evidence, keys=kinds_left)


def _first(outcomes: Outcomes, failed: NDArray[np.int64], kind: str) -> Event:
    """Return the first of some errors that are alike."""
    rows = outcomes.request_rows
    row, last = _ends(rows, failed)
    served_by = int(rows.served_by[row])
    return row_event(
        rows,
        row,
        rows.completed_at_ns,
        kind,
        len(failed),
        _STATUS,
        refused=int(np.count_nonzero(rows.status == 429)),
        status=int(rows.status[row]),
        served_by=outcomes.layers[served_by] if served_by >= 0 else "",
        until_ns=int(rows.completed_at_ns[last]),
    )


def _ends(rows: RequestRows, some: NDArray[np.int64]) -> tuple[int, int]:
    """Return which of some requests is answered first, and which last."""
    completed_ns = rows.completed_at_ns[some]
    return int(some[np.argmin(completed_ns)]), int(some[np.argmax(completed_ns)])


def stale_events(outcomes: Outcomes) -> Iterator[Event]:
    """Yield the first answer that is served though it has expired."""
    rows = outcomes.request_rows
    stale = np.flatnonzero(rows.lookup == int(Lookup.STALE))
    if len(stale):
        row, last = _ends(rows, stale)
        served_by = int(rows.served_by[row])
        yield row_event(
            rows,
            row,
            rows.completed_at_ns,
            "first_stale",
            len(stale),
            "requests.lookup",
            served_by=outcomes.layers[served_by] if served_by >= 0 else "",
            until_ns=int(rows.completed_at_ns[last]),
        )


def refusal_events(outcomes: Outcomes) -> Iterator[Event]:
    """Yield the first and the last 429 of the origin, and what follows."""
    calls, rows = outcomes.origin_rows, outcomes.request_rows
    refused = np.flatnonzero(calls.status == 429)
    if not len(refused):
        return
    first, column = int(refused[0]), calls.called_at_ns
    last_ns, evidence = int(column[refused[-1]]), "origin_hits.status"
    before = int(np.count_nonzero(calls.status[:first] != 429))
    more = {"refused": len(refused), "until_ns": last_ns}
    yield row_event(calls, first, column, "first_429", before, evidence, **more)
    is_later = rows.arrived_at_ns > last_ns
    later, served = int(np.count_nonzero(is_later)), rows.answered & is_later
    number = int(np.count_nonzero(served))
    # Refusals that go on until the run is over are not over.
    rest_ns, refused_ns = int(rows.arrived_at_ns[-1]) - last_ns, last_ns - column[first]
    if number and (later >= _FEWEST_LATER or rest_ns >= refused_ns):
        row, column, evidence = int(np.argmax(served)), rows.arrived_at_ns, _STATUS
        more = {"until_ns": last_ns, "requests": later}
        yield row_event(rows, row, column, "recovery", number, evidence, **more)
    else:
        yield Event(last_ns, "no_recovery", later, evidence, requests=number)
