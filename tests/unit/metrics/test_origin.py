"""Origin metrics count the origin's rows."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from simcoalesce.metrics import origin
from simcoalesce.metrics.tally import Tally
from simcoalesce.outcomes import OriginRows, Outcomes, RequestRows
from simcoalesce.units import NS_PER_S

ARun = Callable[..., Outcomes]
Instants = NDArray[np.int64]


def _calls(called: Instants, completed: Instants) -> Outcomes:
    none = np.zeros(0, dtype=np.int64)
    same = np.zeros(len(called), dtype=np.int64)
    rows = OriginRows(same, same, called, completed, same + 200, same)
    return Outcomes(RequestRows(*[none] * 12), rows, {})


def test_every_call_is_a_hit_whatever_its_answer(a_run: ARun) -> None:
    """Refused and failed calls reached the origin as well."""
    run = a_run(calls=[{"status": status} for status in (200, 404, 429, 503)])

    assert origin.origin_hits(Tally.of(run)) == 4


def test_accepted_and_rejected_are_all_hits(a_run: ARun) -> None:
    """A call is either refused with 429 or accepted."""
    run = a_run(calls=[{"status": status} for status in (200, 429, 429, 503)])

    assert (
        origin.origin_accepted(Tally.of(run)),
        origin.origin_rejected(Tally.of(run)),
    ) == (2, 2)


def test_a_refusal_is_not_a_failure(a_run: ARun) -> None:
    """Only errors other than 429 are failures."""
    run = a_run(calls=[{"status": status} for status in (200, 399, 400, 429, 503)])

    assert origin.origin_failed(Tally.of(run)) == 2


@pytest.mark.parametrize(("latency", "expected"), [(9, 1), (10, 1), (11, 2), (25, 3)])
def test_concurrency_counts_half_open_calls(
    a_run: ARun, latency: int, expected: int
) -> None:
    """A call that ends when another begins is not open beside it."""
    run = a_run(calls=[{"at": at, "latency": latency} for at in (0, 10, 20)])

    assert origin.origin_peak_concurrency(Tally.of(run)) == expected


@given(
    arrays(np.int64, 12, elements=st.integers(0, 20)),
    arrays(np.int64, 12, elements=st.integers(0, 9)),
)
def test_concurrency_is_the_most_open_at_any_instant(
    called: Instants, latency: Instants
) -> None:
    """The vectorised sweep equals counting at each instant."""
    open_at = [
        int(np.sum((called <= at) & (at < called + latency))) for at in range(31)
    ]

    peak = origin.origin_peak_concurrency(Tally.of(_calls(called, called + latency)))

    assert peak == max(open_at)


def test_the_rate_window_slides(a_run: ARun) -> None:
    """A burst across a whole second is one burst."""
    run = a_run(calls=[{"at": round(at * NS_PER_S)} for at in (0.9, 0.95, 1.05, 1.1)])

    assert origin.origin_peak_rate_per_s(Tally.of(run)) == 4


def test_calls_a_second_apart_do_not_share_a_window(a_run: ARun) -> None:
    """The window of one second is half-open."""
    run = a_run(calls=[{"at": index * NS_PER_S} for index in range(5)])

    assert origin.origin_peak_rate_per_s(Tally.of(run)) == 1


@given(arrays(np.int64, 9, elements=st.integers(0, 3 * NS_PER_S)))
def test_the_rate_is_of_the_busiest_second(called: Instants) -> None:
    """The vectorised window equals counting from each call on."""
    counts = [int(np.sum((called >= t) & (called < t + NS_PER_S))) for t in called]

    assert origin.origin_peak_rate_per_s(Tally.of(_calls(called, called))) == max(
        counts
    )


def test_the_window_of_the_limit_slides_too(a_run: ARun) -> None:
    """Calls at 8, 9, 11 and 18 s: three in the ten seconds from 8 s on, half-open."""
    run = a_run(calls=[{"at": at * NS_PER_S} for at in (8, 9, 11, 18)])
    tally = Tally.of(run, window_ns=10 * NS_PER_S)

    assert origin.origin_peak_calls_per_window(tally) == 3


def test_calls_for_each_request_may_exceed_one(a_run: ARun) -> None:
    """Two requests, of which one was tried twice more: four calls, two each."""
    run = a_run(requests=[{}, {}], calls=[{"status": s} for s in (200, 503, 503, 200)])

    assert origin.origin_ratio(Tally.of(run)) == 2.0


def test_the_first_rejection_is_when_its_call_came_in(a_run: ARun) -> None:
    """The instant is that of the call, not that of its answer."""
    run = a_run(
        calls=[
            {"at": NS_PER_S, "status": 200},
            {"at": 2 * NS_PER_S, "status": 429, "latency": NS_PER_S},
            {"at": 3 * NS_PER_S, "status": 429},
        ]
    )

    assert origin.first_rejected_at_s(Tally.of(run)) == 2.0


def test_without_rejection_there_is_no_first_one(a_run: ARun) -> None:
    """What does not exist is None, not zero."""
    assert origin.first_rejected_at_s(Tally.of(a_run(calls=[{}]))) is None


def test_an_origin_that_was_not_called_has_zeros(a_run: ARun) -> None:
    """Counts of nothing exist, and are zero."""
    run = a_run()

    peaks = (
        origin.origin_peak_concurrency(Tally.of(run)),
        origin.origin_peak_rate_per_s(Tally.of(run)),
    )

    assert (origin.origin_hits(Tally.of(run)), *peaks) == (0, 0, 0.0)
