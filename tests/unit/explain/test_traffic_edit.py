"""Arrivals that take longer bring the same requests."""

import pytest

from simcoalesce import Scenario
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.explain.traffic_edit import busiest

PATH = """
traffic: {arrivals: [{kind: rate, rate: 1/s}]}
path: [{origin: {latency: 1ms}}]
"""
CUT = "[{kind: burst, requests: 99, within: 4s, at: 8s}]"
AGAIN = "{kind: burst, requests: 9, within: 1s, every: 3s, shape: front_loaded}"
TWO = (
    "{kind: burst, requests: 9, within: 1ms},"
    " {kind: burst, requests: 9, within: 1s, at: 6s}"
)


def an_edit(arrivals: str, *more: str) -> ScenarioEdit:
    """Return an edit of ten seconds of traffic."""
    overrides = [f"traffic.arrivals={arrivals}", "duration=10s", *more]
    return ScenarioEdit(Scenario.parse(PATH, overrides=overrides))


def came(scenario: Scenario) -> int:
    """Return how many requests a run has."""
    traffic = scenario.traffic.generate(seed=1, duration_ns=scenario.duration_ns)
    return sum(len(chunk.key) for chunk in traffic.chunks)


@pytest.mark.parametrize(
    ("arrivals", "text"),
    [
        (
            "[{kind: burst, requests: 99, within: 2s}]",
            "burst within 2s → 8s",
        ),
        (
            "[{kind: burst, requests: 99, within: 3s, at: 1s}]",
            "burst within 3s → 12s; the run lasts 3s longer",
        ),
        (
            f"[{AGAIN}, {{kind: rate, rate: 9/s}}]",
            "burst within 1s → 4s; the run lasts 3s longer",
        ),
        (
            "[{kind: flash_crowd, peak: 88/s, rise: 1s, decay: 1s, at: 2s}]",
            "flash crowd of 88/s → 22/s; the run lasts 24s longer",
        ),
        (
            "[{kind: rate, rate: 40/s}, {kind: rate, rate: 7/s, at: 2s, until: 4s}]",
            "phase of 7/s → 1.75/s",
        ),
        (
            "[{kind: rate, rate: 7/s, for: 4s}]",
            "phase of 7/s → 1.75/s; the run lasts 6s longer",
        ),
        (
            CUT,
            "burst within 4s → 16s; the run lasts 6s longer",
        ),
        (
            f"[{TWO}, {{kind: even, requests: 99, every_request: 1s}}]",
            "burst within 1ms → 4ms and burst within 1s → 4s at 6s",
        ),
    ],
)
def test_a_burst_that_is_spread_brings_the_same_requests(
    arrivals: str, text: str
) -> None:
    """The run lasts as long as they need; nobody else comes meanwhile."""
    edit = an_edit(arrivals)

    assert edit.spread_bursts(4) == text
    assert came(edit.scenario()) == came(edit.incident)


@pytest.mark.parametrize(
    ("arrivals", "more", "reason"),
    [
        ("[{kind: rate, rate: 9/s}]", "seed=1", "no phase of the traffic is a burst"),
        (
            "[{kind: burst, requests: 9, within: 1s, at: 20s}]",
            "seed=1",
            "before the scenario is over",
        ),
        (
            "[{kind: burst, requests: 9, within: 2s, every: 1s}]",
            "seed=1",
            "the run ends within a burst",
        ),
        (
            "[{kind: burst, requests: 9, within: 2s}]",
            "measure={from: 1s}",
            "only a part of the run is measured",
        ),
    ],
)
def test_where_others_would_come_or_be_counted_nothing_is_spread(
    arrivals: str, more: str, reason: str
) -> None:
    """It is said, and the requests are not lost in silence."""
    with pytest.raises(DoesNotApply, match=reason):
        an_edit(arrivals, more).spread_bursts(4)


@pytest.mark.parametrize(
    ("hours", "month"), [(10, {"hours": 25.0}), (700, {"events": 252_000})]
)
def test_a_longer_run_happens_as_often_in_a_month(
    hours: int, month: dict[str, float]
) -> None:
    """Ten seconds that become 25 s fill so many more hours."""
    edit = an_edit(
        "[{kind: burst, requests: 9, within: 1s}]", f"month={{hours: {hours}}}"
    )
    edit.spread_bursts(25)

    assert edit.document["month"] == month


def test_the_busiest_second_counts_all_keys_and_the_most_popular() -> None:
    """Of thirty at once ten are for each key; thirty more come two seconds later."""
    keys = "traffic.keys={kind: weighted, weights: {a: 1, b: 1, c: 1}}"
    edit = an_edit("[{kind: burst, requests: 30, within: 0ms, every: 2s}]", keys)
    of_all, of_a_key = busiest(edit.document, edit.incident.folder, ())

    assert of_all == 30
    assert 10 <= of_a_key <= 20


def test_users_are_counted_as_if_all_answers_were_quick() -> None:
    """Five users who think for 100 ms send eleven requests each within a second."""
    edit = an_edit("[{kind: users, users: 5, think: 100ms}]")

    assert busiest(edit.document, edit.incident.folder, ()) == (55, 55)
