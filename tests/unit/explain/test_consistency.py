"""A report is taken at its word; what cannot be true is said, and what could be."""

import pytest

from simcoalesce import run
from simcoalesce.explain.bench import Bench
from simcoalesce.explain.consistency import consistency
from simcoalesce.explain.reading import Consistency
from simcoalesce.metrics import measure
from simcoalesce.randomness import Stream
from tests.unit.explain.builders import a_scenario

REPORT = """
observations:
  - {{text: the burst, sets: ["traffic.arrivals[0].within={}"]}}
  - {{text: the calls, that: origin_hits >= {} and origin_hits <= {}}}
"""


def found(within: str, low: float, high: float) -> Consistency:
    """Return what can be true of a report of a burst and its calls."""
    scenario = a_scenario(
        "origin.rate_limit=unlimited", more=REPORT.format(within, low, high)
    )
    known = consistency(scenario, Bench(seed=1, replications=3))
    assert known is not None
    return known


def test_a_report_that_can_be_true_is_left_alone() -> None:
    """A thousand a second for 100 ms are a hundred calls."""
    assert found("200ms", 80, 120) == Consistency((), (), ())


def test_a_contradiction_names_both_sides() -> None:
    """Within 50 ms all 200 miss; without that word it is a hundred."""
    (contradiction,) = found("50ms", 80, 120).contradictions

    assert contradiction.text == "the calls"
    assert contradiction.against == ("the burst",)


def test_every_reading_makes_all_of_the_report_true() -> None:
    """And the first bends it least."""
    readings = found("50ms", 80, 120).readings

    assert readings
    assert all(not reading.misses for reading in readings)
    assert [r.cost for r in readings] == sorted(r.cost for r in readings)


def test_without_observations_there_is_nothing_to_say() -> None:
    """A report that reports nothing cannot be wrong."""
    assert consistency(a_scenario(), Bench(seed=1, replications=2)) is None


@pytest.mark.parametrize("truth_ms", [90, 150, 300, 550])
def test_a_burst_that_was_told_too_short_is_read_back(truth_ms: int) -> None:
    """Within 20 %: the calls of a known burst, reported as if it had been 70 ms."""
    truth = a_scenario(
        "origin.rate_limit=unlimited", f"traffic.arrivals[0].within={truth_ms}ms"
    )
    calls = measure(run(truth, seed=1))["origin_hits"] or 0.0
    readings = found("70ms", 0.92 * calls, 1.08 * calls).readings
    bends = [bend for one in readings for bend in one.bends if "came within" in bend]

    if truth_ms > 100:
        read_ms = float(bends[0].split("within ")[1].split("ms")[0])
        assert abs(read_ms / truth_ms - 1) < 0.2
    else:
        assert bends == []


@pytest.mark.slow
@pytest.mark.parametrize("case", range(50))
def test_random_incidents_are_read_back(case: int) -> None:
    """Within 20 %: bursts of random length, reported as half as long as they were.

    Of 200 requests; in longer bursts so few call that the seeds differ by more.
    """
    luck = Stream(7, "tests.incidents")
    truth_ms = round(220 + 300 * luck.uniform(case, 0))
    truth = a_scenario(
        "origin.rate_limit=unlimited", f"traffic.arrivals[0].within={truth_ms}ms"
    )
    calls = measure(run(truth, seed=1))["origin_hits"] or 0.0
    known = found(f"{truth_ms // 2}ms", 0.92 * calls, 1.08 * calls)
    bends = [b for one in known.readings for b in one.bends if "came within" in b]

    read_ms = float(bends[0].split("within ")[1].split("ms")[0])
    assert abs(read_ms / truth_ms - 1) < 0.2
