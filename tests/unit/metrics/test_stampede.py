"""Miss windows open at a miss and close at the next request that a cache serves."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.metrics.stampede import (
    MissWindows,
    Stampedes,
    _stable_order,
    stampedes,
)
from simcoalesce.outcomes import NEVER, Lookup, OriginRows, Outcomes, RequestRows

ARun = Callable[..., Outcomes]
Row = tuple[int, int, int]
Window = tuple[int, int, int, int, int]

_ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from([0, 0, 1, 2, 3])),
    max_size=40,
)

_FEW_WINDOWS = st.lists(
    st.tuples(st.integers(0, 1), st.just(0), st.sampled_from([0, 1])), max_size=20
)


def test_misses_before_a_cache_hit_are_one_stampede(a_run: ARun) -> None:
    """Three misses and a hit are one window of size three."""
    run = a_run(requests=[{"at": at} for at in (0, 5, 7)] + [{"at": 9, "lookup": 1}])

    assert _table(run) == [(0, 0, 0, 9, 3)]


def test_a_stale_answer_closes_the_window(a_run: ARun) -> None:
    """Where a stale value is served, nothing is missed."""
    run = a_run(
        requests=[{"at": 0}, {"at": 4, "lookup": Lookup.STALE}, {"at": 8}],
    )

    assert _table(run) == [(0, 0, 0, 4, 1), (0, 0, 8, NEVER, 1)]


def test_a_post_neither_opens_nor_closes_a_window(a_run: ARun) -> None:
    """Misses at 2 and 6 and a hit at 9 are one, whatever POSTs come between."""
    posts = [{"at": at, "lookup": Lookup.BYPASS} for at in (0, 4, 8)]
    others = [{"at": 2}, {"at": 6}, {"at": 9, "lookup": 1}]
    run = a_run(requests=sorted(posts + others, key=lambda one: one["at"]))

    assert _table(run) == [(0, 0, 2, 9, 2)]


def test_who_missed_and_asks_again_closes_nothing(a_run: ARun) -> None:
    """The first attempt failed behind the cache, so it is a miss, whatever came of it.

    Beside a hedge a further attempt says nothing of the first.
    """
    again = {"at": 3, "lookup": Lookup.HIT, "attempts": 2}
    run = a_run(requests=[{"at": 0}, again, {"at": 9, "lookup": Lookup.HIT}])

    assert _table(replace(run, repeats=True)) == [(0, 0, 0, 9, 2)]
    assert _table(run) == [(0, 0, 0, 3, 1)]


def test_a_cache_hit_elsewhere_closes_nothing(a_run: ARun) -> None:
    """Each location has windows of its own."""
    run = a_run(requests=[{"at": 0}, {"at": 1, "location": 1, "lookup": 1}, {"at": 2}])

    assert _table(run) == [(0, 0, 0, NEVER, 2)]


def test_a_cache_hit_of_another_key_closes_nothing(a_run: ARun) -> None:
    """Each key has windows of its own."""
    run = a_run(requests=[{"at": 0}, {"at": 1, "key": 1, "lookup": 1}, {"at": 2}])

    assert _table(run) == [(0, 0, 0, NEVER, 2)]


def test_a_window_that_opens_anew_starts_from_nothing(a_run: ARun) -> None:
    """Miss, hit, miss, hit of one key, each in a chunk of its own: sizes 1 and 1."""
    run = a_run(requests=[{"at": at, "lookup": at % 2} for at in range(4)])
    windows = MissWindows(keys=1, locations=1)

    closed = [windows.add(chunk) for chunk in _chunks(run.request_rows, 1)]

    assert [each.size.tolist() for each in closed] == [[], [1], [], [1]]
    assert [each.opened_by.tolist() for each in closed] == [[], [0], [], [2]]
    assert [each.opened_at_ns.tolist() for each in closed] == [[], [0], [], [2]]


@given(_ROWS)
def test_the_table_equals_a_walk_over_the_rows(rows: list[Row]) -> None:
    """Vectorised grouping finds what reading row by row finds."""
    assert _table(_run(rows)) == _walk(rows)


@given(_FEW_WINDOWS, st.integers(1, 5))
def test_windows_are_the_same_in_chunks_of_any_size(rows: list[Row], size: int) -> None:
    """One that goes on from chunk to chunk, and one that follows it in its last."""
    run = _run(rows)
    windows = MissWindows(keys=len(run.keys), locations=len(run.locations))

    found = [windows.add(chunk) for chunk in _chunks(run.request_rows, size)]

    assert sorted(_rows_of(*found, windows.never_closed())) == sorted(_table(run))


@given(st.lists(st.integers(0, 300_000)))
def test_the_order_by_digits_is_the_stable_order(codes: list[int]) -> None:
    """Sorting 16 bits at a time is stable sorting."""
    array = np.array(codes, dtype=np.int64)

    order = _stable_order(array, below=300_001)

    assert order.tolist() == np.argsort(array, kind="stable").tolist()


def _chunks(rows: RequestRows, size: int) -> list[RequestRows]:
    columns = [getattr(rows, name) for name in RequestRows.__slots__]
    return [
        RequestRows(*(column[at : at + size] for column in columns))
        for at in range(0, len(rows.request), size)
    ]


def _run(rows: list[Row]) -> Outcomes:
    key, location, lookup = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    at = np.arange(len(rows)) * 10
    none = np.zeros(len(rows), dtype=np.int64)
    empty = np.zeros(0, dtype=np.int64)
    columns = (at, key, location, none, at, at, none, lookup, none, none, none, none)
    return Outcomes(
        RequestRows(*columns), OriginRows(*[empty] * 6), {}, tuple("abcd"), tuple("xyz")
    )


def _walk(rows: list[Row]) -> list[Window]:
    windows: list[Window] = []
    opened: dict[tuple[int, int], int] = {}
    for index, (key, location, lookup) in enumerate(rows):
        group = key, location
        if lookup == Lookup.BYPASS:
            continue
        if lookup != Lookup.MISS:
            if group in opened:
                window = windows[opened.pop(group)]
                windows[windows.index(window)] = (*window[:3], index * 10, window[4])
        elif group in opened:
            window = windows[opened[group]]
            windows[opened[group]] = (*window[:4], window[4] + 1)
        else:
            opened[group] = len(windows)
            windows.append((key, location, index * 10, NEVER, 1))
    return windows


def _table(run: Outcomes) -> list[Window]:
    return _rows_of(stampedes(run))


def _rows_of(*tables: Stampedes) -> list[Window]:
    columns = ("key", "location", "opened_at_ns", "closed_at_ns", "size")
    return [
        window
        for table in tables
        for window in zip(
            *(getattr(table, column).tolist() for column in columns), strict=True
        )
    ]
