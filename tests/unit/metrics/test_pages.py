"""Pages: from the first request of a visit to the last of its answers."""

from dataclasses import fields, replace

import numpy as np
import pytest

from simcoalesce.metrics import Tally, measure
from simcoalesce.outcomes import Outcomes, RequestRows
from simcoalesce.request import NO_PAGE
from tests.unit.metrics.conftest import ARun

S = 1_000_000_000
PAGE = np.array([[0, 2], [0, 2], [NO_PAGE, NO_PAGE], [3, 3], [3, 3], [3, 3]])


@pytest.fixture
def outcomes(a_run: ARun) -> Outcomes:
    """Return a page of two requests, a request, and a page of three with an error."""
    requests = [
        {"at": 1 * S, "latency": S},
        {"at": 2 * S, "latency": S},
        {"at": 2 * S, "latency": 60 * S},
        {"at": 3 * S, "latency": 9 * S},
        {"at": 3 * S, "latency": S, "status": 503},
        {"at": 3 * S, "latency": 2 * S},
    ]
    return replace(a_run(requests=requests), page=PAGE)


def test_a_page_lasts_from_its_first_request_to_its_last_answer(
    outcomes: Outcomes,
) -> None:
    """From 1 s to 3 s, and from 3 s to 12 s; the request between is no page."""
    measured = measure(outcomes)

    assert measured["page_latency_p50_s"] == 2.0
    assert measured["page_latency_max_s"] == 9.0
    assert (measured["pages"], measured["pages_failed"]) == (2, 1)


def test_a_run_without_pages_has_no_number_of_them(outcomes: Outcomes) -> None:
    """Not zero: nobody asked for one."""
    measured = measure(replace(outcomes, page=None))

    assert measured["pages"] is None
    assert measured["pages_failed"] is None


@pytest.mark.parametrize("cut", range(7))
def test_pages_are_counted_the_same_in_any_chunks(outcomes: Outcomes, cut: int) -> None:
    """Also if a page begins in one chunk and ends in the next."""
    tally, rows = Tally(keys=1, locations=1), outcomes.request_rows
    tally.pages.arrive(PAGE[:4])
    tally.pages.arrive(PAGE[4:])
    for part in (slice(cut), slice(cut, None)):
        columns = (getattr(rows, one.name)[part] for one in fields(rows))
        tally.add(RequestRows(*columns))

    assert tally.pages.failed == 1
    assert tally.pages.latencies.longest_s == 9.0
    assert tally.pages.latencies.count == 2


def test_a_page_of_which_not_all_requests_come_is_not_counted(
    outcomes: Outcomes,
) -> None:
    """The rows of a run may be cut after so many."""
    rows = outcomes.request_rows
    first = RequestRows(*(getattr(rows, one.name)[:5] for one in fields(rows)))

    assert measure(replace(outcomes, request_rows=first, page=PAGE[:5]))["pages"] == 1
