"""What part of a run a picture shows."""

import numpy as np

from simcoalesce.outcomes import Lookup
from simcoalesce.report.rows.viewport import (
    Focus,
    first_refusals,
    largest_stampede,
    longest_wait,
    whole_run,
)
from tests.unit.report.builders import (
    MS,
    S,
    a_flash_sale,
    calls_of,
    many_hits,
    outcomes_of,
)


def test_the_whole_run_reaches_from_first_arrival_to_last_answer() -> None:
    """Half-open: the last answer lies inside."""
    view = whole_run(outcomes_of([10 * MS, 90 * MS], latency_ns=5 * MS))

    assert (view.start_ns, view.end_ns) == (10 * MS, 95 * MS + 1)


def test_one_burst_is_shown_whole() -> None:
    """There is nothing besides, so nothing to zoom."""
    assert largest_stampede(a_flash_sale()).focus is Focus.WHOLE


def test_of_several_bursts_one_is_shown() -> None:
    """Its burst, from the first miss on, and no other."""
    view = largest_stampede(a_flash_sale(bursts=5))

    assert view.focus is Focus.STAMPEDE
    assert len(view.shown) == 800
    assert len(view.calls) == 410


def test_a_stampede_that_ended_goes_before_a_larger_one_that_never_did() -> None:
    """From 21:03 on everybody is refused; the picture shows when it begins."""
    view = largest_stampede(a_flash_sale(bursts=5, limit=1_200))

    assert view.window is not None
    assert view.window.closed_at_ns is not None
    assert view.window.number < view.window.of


def test_only_the_key_of_the_stampede_is_shown() -> None:
    """Another key's request in the midst of it is another story."""
    arrived = [0, 1 * MS, 2 * MS, 300 * MS, 90 * S]
    view = largest_stampede(
        outcomes_of(
            arrived,
            lookup=np.array([Lookup.MISS, Lookup.HIT, Lookup.MISS, Lookup.HIT, 1]),
            key=np.array([0, 1, 0, 0, 1]),
            keys=("a", "b"),
            latency_ns=200 * MS,
        )
    )

    assert view.shown.tolist() == [0, 2, 3]


def test_calls_belong_to_the_requests_shown() -> None:
    """A call of another key at the same time is not counted."""
    calls = calls_of([0, 1, 2], [5 * MS] * 3, [100 * MS] * 3, [200] * 3, [0, 1, 0])
    view = largest_stampede(
        outcomes_of(
            [0, 1 * MS, 2 * MS, 300 * MS, 90 * S],
            lookup=np.array([Lookup.MISS, Lookup.HIT, Lookup.MISS, 1, 1]),
            key=np.array([0, 1, 0, 0, 1]),
            keys=("a", "b"),
            latency_ns=200 * MS,
            calls=calls,
        )
    )

    assert view.calls.tolist() == [0, 2]


def test_the_first_refusals_are_found_in_a_long_run() -> None:
    """The third burst holds call 1,201, the first beyond the limit."""
    view = first_refusals(a_flash_sale(bursts=5, limit=1_200))

    assert view is not None
    assert view.zero_ns == 2 * 60 * S + 5 * MS


def test_without_refusals_there_is_no_view_of_them() -> None:
    """Nor is there one in a run that is hardly longer than its refusals."""
    assert first_refusals(a_flash_sale(bursts=5)) is None
    assert first_refusals(a_flash_sale(limit=100)) is None


def test_the_longest_wait_is_shown_where_the_whole_would_hide_all() -> None:
    """In a minute of millisecond waits nothing is seen, so one is looked at."""
    view = longest_wait(many_hits(10_000))

    assert view.focus is Focus.WAIT
    assert 0 < len(view.shown) < 100


def test_with_many_keys_the_time_with_most_refusals_is_shown() -> None:
    """A request a second, each for its own key; those of 200 s to 202 s are refused."""
    at_ns = np.concatenate([np.arange(400) * S, 200 * S + np.arange(40) * 50 * MS])
    at_ns = np.sort(at_ns)
    status = np.where((at_ns >= 200 * S) & (at_ns < 202 * S), 429, 200)
    ids = np.arange(len(at_ns))
    calls = calls_of(ids, at_ns, at_ns, status, ids)
    names = tuple(map(str, ids))
    run = outcomes_of(
        at_ns, status=status, lookup=Lookup.MISS, key=ids, calls=calls, keys=names
    )

    view = largest_stampede(run)

    assert view.focus is Focus.MOST_REFUSALS
    assert (view.start_ns, view.zero_ns, view.end_ns) == (199 * S, 200 * S, 203 * S)
    assert len(view.calls) == 44
