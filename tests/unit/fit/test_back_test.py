"""The verdict of a back-test."""

from dataclasses import replace

import numpy as np

from simcoalesce.fit.back_test import BackTest, ComparedPart
from simcoalesce.fit.observed_part import ObservedPart

CALLS = np.array([10, 20, 30, 20, 10, 20, 30, 20, 10, 30])
RECORDED = ObservedPart(
    requests=1_000,
    origin_calls=200,
    hits=800,
    refusals=0,
    latency_s=(0.0, 0.1, 0.2),
    calls_per_s=CALLS,
)


def back_test_of(*predicted: ObservedPart, contradictions: int = 0) -> BackTest:
    """Return a back-test of ten seconds."""
    main = ComparedPart("fitted", RECORDED, predicted)
    return BackTest(15.0, 25.0, (0.0, 15.0), main, contradictions=(contradictions, 900))


def test_a_prediction_within_3_percent_is_believed() -> None:
    """206 calls for 200, in the same seconds."""
    near = replace(RECORDED, origin_calls=206)

    assert back_test_of(near).is_believed


def test_a_prediction_beyond_3_percent_is_not_believed() -> None:
    """208 calls for 200: the sentence says so."""
    found = back_test_of(replace(RECORDED, origin_calls=208))

    assert not found.is_believed
    assert "origin_calls is 208 where the log has 200" in found.sentence


def test_runs_that_differ_are_given_three_standard_deviations() -> None:
    """200, 208 and 216: 8 calls too many with a deviation of 8."""
    runs = (replace(RECORDED, origin_calls=200 + more) for more in (0, 8, 16))

    assert back_test_of(*runs).is_believed


def test_the_right_total_in_the_wrong_seconds_is_not_believed() -> None:
    """As many calls, each a second late: they correlate by less than 0.95."""
    late = replace(RECORDED, calls_per_s=np.roll(CALLS, 1))

    assert "correlate" in back_test_of(late).unlike[0]


def test_a_log_need_not_be_more_like_the_runs_than_they_are_alike() -> None:
    """Even calls: four runs differ by chance in the seconds, and so does the log."""
    chance = np.array([1, -1, 1, 1, -1, -1, 1, -1, 1, -1])
    even = [np.full(10, 20) + np.roll(chance, shift) for shift in (1, 3, 4, 8)]
    main = ComparedPart(
        "fitted",
        replace(RECORDED, calls_per_s=np.full(10, 20) + chance),
        tuple(replace(RECORDED, calls_per_s=calls) for calls in even),
    )

    assert main.least_correlation < 0
    assert main.unlike == ()


def test_a_missed_event_is_a_step() -> None:
    """All calls that are missing were made in one second."""
    fewer = CALLS.copy()
    fewer[6] = 0
    found = back_test_of(replace(RECORDED, origin_calls=170, calls_per_s=fewer))

    assert found.main.largest_residual == (6, -30.0)
    assert "30 calls too few in the second from 21 s on (a step" in found.sentence


def test_ages_that_contradict_the_ttl_are_no_story() -> None:
    """More than 1 % of 900."""
    assert back_test_of(RECORDED, contradictions=9).is_believed
    assert not back_test_of(RECORDED, contradictions=10).is_believed


def test_the_document_has_each_line_and_the_verdict() -> None:
    """As JSON."""
    document = back_test_of(RECORDED).document()

    assert document["verdict"] == "believed"
    assert [line["metric"] for line in document["lines"]][:3] == [
        "origin_calls",
        "hits",
        "refusals",
    ]
    assert document["calls_per_second"]["recorded"] == CALLS.tolist()
