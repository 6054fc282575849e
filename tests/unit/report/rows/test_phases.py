"""What a request spent its time on."""

import numpy as np

from simcoalesce.outcomes import Outcomes, Role
from simcoalesce.report.rows.phases import Phase, segments
from tests.unit.report.builders import MS, calls_of, outcomes_of


def phases(outcomes: Outcomes) -> list[tuple[int, str, int, int]]:
    """Return (lane, phase, start, end) in ms, in order of lanes and time."""
    lanes = np.arange(len(outcomes.request_rows.request))
    found = segments(outcomes, lanes)
    columns = (found.lane, found.start_ns // MS, found.phase, found.end_ns // MS)
    rows = sorted(zip(*(c.tolist() for c in columns), strict=True))
    return [(lane, Phase(phase).name, start, end) for lane, start, phase, end in rows]


def test_a_fetch_is_look_up_origin_and_return() -> None:
    """Its own call divides its life in three."""
    calls = calls_of([0], [15 * MS], [135 * MS], [200])
    outcomes = outcomes_of([10 * MS], latency_ns=205 * MS, calls=calls)

    assert phases(outcomes) == [
        (0, "LOOKUP", 10, 15),
        (0, "ORIGIN", 15, 135),
        (0, "RETURN", 135, 215),
    ]


def test_a_follower_only_waits() -> None:
    """It made no call, so nothing divides its life."""
    outcomes = outcomes_of([10 * MS], latency_ns=90 * MS, role=Role.FOLLOWER)

    assert phases(outcomes) == [(0, "WAIT", 10, 100)]


def test_between_two_calls_a_request_waits_to_try_again() -> None:
    """A refused call, a pause, an accepted one."""
    calls = calls_of([0, 0], [5 * MS, 50 * MS], [15 * MS, 170 * MS], [429, 200])
    outcomes = outcomes_of([0], latency_ns=170 * MS, calls=calls)

    assert phases(outcomes) == [
        (0, "LOOKUP", 0, 5),
        (0, "ORIGIN", 5, 15),
        (0, "RETRY", 15, 50),
        (0, "ORIGIN", 50, 170),
    ]


def test_a_background_refresh_is_not_waited_for() -> None:
    """The request was answered before its call was."""
    calls = calls_of([0], [5 * MS], [125 * MS], [200])
    outcomes = outcomes_of([0], latency_ns=5 * MS, calls=calls)

    assert phases(outcomes) == [(0, "LOOKUP", 0, 5)]


def test_calls_find_their_requests_whatever_their_ids() -> None:
    """Only the requests that are asked for get lanes, numbered from zero."""
    calls = calls_of([0, 1], [5 * MS, 6 * MS], [25 * MS, 26 * MS], [200, 200])
    outcomes = outcomes_of([0, MS], latency_ns=[25 * MS, 25 * MS], calls=calls)

    found = segments(outcomes, np.array([1]))

    assert found.lane.tolist() == [0, 0]
    assert found.start_ns.tolist() == [1 * MS, 6 * MS]
