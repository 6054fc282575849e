"""A tally is the same whether a run is counted whole or in any chunks."""

from dataclasses import fields
from typing import TypeVar

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.metrics import measure
from simcoalesce.metrics.stampede import stampedes
from simcoalesce.metrics.tally import Tally
from simcoalesce.outcomes import NEVER, OriginRows, Outcomes, RequestRows

Rows = TypeVar("Rows", RequestRows, OriginRows)

_ZEROS = (st.just(0), st.just(0))
_PLAIN = (st.just(200), st.just(0))
_REQUESTS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 1),
        st.sampled_from([0, 1, 9, 5_000, 80_000, 2**44]),
        st.sampled_from([0, 0, 1, 2]),
        st.sampled_from([200, 404, 429]),
        st.integers(0, 2),
    ),
    max_size=40,
)
_FEW_WINDOWS = st.lists(
    st.tuples(st.integers(0, 1), *_ZEROS, st.integers(0, 1), *_PLAIN),
    max_size=12,
)
_CALLS = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 200_000_000, 900_000_000]),
        st.sampled_from([0, 1, 300_000_000, 2_000_000_000]),
        st.sampled_from([200, 429, 503]),
    ),
    max_size=40,
)
_CUTS = st.lists(st.integers(0, 40), max_size=6)


@given(_REQUESTS, _CALLS, _CUTS)
def test_chunks_add_up_to_the_whole(
    requests: list[tuple[int, ...]], calls: list[tuple[int, ...]], cuts: list[int]
) -> None:
    """Cut anywhere, the metrics are those of the rows at once."""
    run = _run(requests, calls)
    tally = Tally(keys=4, locations=2, window_ns=400_000_000)

    for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), 40], strict=True):
        tally.add(_part(run.request_rows, begin, end))
        tally.calls.add(_part(run.origin_rows, begin, end))

    assert measure(tally) == measure(Tally.of(run, window_ns=400_000_000))


@given(_REQUESTS | _FEW_WINDOWS)
def test_the_largest_closed_window_is_the_first_of_its_size(
    requests: list[tuple[int, ...]],
) -> None:
    """Of windows of one size the one that opened first has the length that is told."""
    run = _run([(*row[:1], 0, *row[2:]) for row in requests], [])
    windows = stampedes(run)
    closed = np.flatnonzero(windows.is_closed)
    sizes = windows.size[closed]

    told_ns = Tally.of(run).miss_window_ns

    first = closed[sizes.argmax()] if len(closed) else None
    assert told_ns == (NEVER if first is None else windows.open_ns[first])


@given(_REQUESTS | _FEW_WINDOWS)
def test_tallies_of_some_keys_each_add_up_to_that_of_all(
    requests: list[tuple[int, ...]],
) -> None:
    """Latencies, counts and windows, open ones too; not what the origin received."""
    run = _run(requests, [])
    whole, halves = Tally.of(run), [Tally(keys=4, locations=2) for _ in range(2)]

    for half, tally in enumerate(halves):
        tally.add(_of_keys(run.request_rows, half))
    halves[1].absorb(halves[0])

    assert measure(halves[1]) == measure(whole)


def _of_keys(rows: RequestRows, half: int) -> RequestRows:
    mine = rows.key % 2 == half
    return RequestRows(*(getattr(rows, field.name)[mine] for field in fields(rows)))


def _run(requests: list[tuple[int, ...]], calls: list[tuple[int, ...]]) -> Outcomes:
    key, location, latency, lookup, status, role = _columns(requests, 6)
    gap, lasts, call_status = _columns(calls, 3)
    ids, called = np.arange(len(requests)), np.cumsum(gap)
    arrived, none = ids * 300_000_000, np.zeros_like(ids)
    request_rows = RequestRows(
        *(ids, key, location, none, arrived, arrived + latency),
        *(status, lookup, role, none, ids * 7, none),
    )
    zero = np.zeros_like(called)
    origin_rows = OriginRows(zero, zero, called, called + lasts, call_status, zero)
    return Outcomes(request_rows, origin_rows, {}, tuple("abcd"), ("x", "y"))


def _columns(rows: list[tuple[int, ...]], width: int) -> "np.ndarray":
    return np.array(rows, dtype=np.int64).reshape(-1, width).T


def _part(rows: Rows, begin: int, end: int) -> Rows:
    return type(rows)(*(getattr(rows, field.name)[begin:end] for field in fields(rows)))
