"""A value is told as the range that fits, and as round as the range allows."""

import pytest

from simcoalesce.explain.calibration.candidate import Candidate, Candidates
from simcoalesce.explain.calibration.fitting_range import (
    rounded,
    rounded_inwards,
    roundest,
)
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario

EVEN = "traffic.arrivals=[{kind: burst, requests: 200, within: 200ms, shape: even}]"


def adjusted(report: str, kind: str, setting: float) -> tuple[Candidates, Candidate]:
    """Return a report with one parameter changed: a call for each ms of the burst."""
    observed = f"observations: [{{text: calls, that: {report}}}]"
    scenario = a_scenario(EVEN, "origin.rate_limit=unlimited", more=observed)
    candidates = Candidates(
        scenario, scenario.observations, ScenarioRunner(seed=1, replications=5)
    )
    number = [parameter.kind for parameter in candidates.parameters].index(kind)
    made = candidates.with_setting((), number, setting)
    assert made is not None
    return candidates, made


def test_the_range_ends_where_the_observation_does() -> None:
    """Within W ms, a hundred ms have 20,000 / W requests: 40 to 60 for W = 333 to 500.

    The ends are within 3 % of the true ones, and rounded inwards to two digits.
    """
    report = "origin_hits >= 40 and origin_hits <= 60"
    candidates, candidate = adjusted(report, "arrival_spread", 2.07)
    _, (change,) = rounded(candidates, candidate)

    assert change.low is not None
    assert change.high is not None
    assert 333 <= 200 * change.low <= 350
    assert 480 <= 200 * change.high <= 500


def test_the_value_is_the_roundest_of_the_range() -> None:
    """Of 340 to 490 ms it is 400, and it is simulated as it is said."""
    report = "origin_hits >= 40 and origin_hits <= 60"
    found = rounded(*adjusted(report, "arrival_spread", 2.07))
    (candidate, (change,)) = found

    assert change.setting == 2.0
    assert change.text.startswith("the requests came within about 400ms (3")
    assert candidate.scenario.traffic.arrivals[0].document()["within"] == "400ms"


def test_a_value_that_does_not_fit_is_round_and_has_no_range() -> None:
    """There is nothing that a range would be the range of."""
    report = "origin_hits == 1"
    _, (change,) = rounded(*adjusted(report, "arrival_spread", 29.3))

    assert (change.low, change.high) == (None, None)
    assert change.text == "the requests came within 6s, not 200ms"


@pytest.mark.parametrize(
    ("low", "high", "number"),
    [(470, 550, 500), (0.36, 0.42, 0.4), (17, 18, 17), (101, 103, 102)],
)
def test_the_roundest_number_has_the_fewest_digits(
    low: float, high: float, number: float
) -> None:
    """And lies in the range."""
    assert roundest(low, high) == number


def test_ends_are_rounded_inwards() -> None:
    """What is said to fit does."""
    assert rounded_inwards(467.3, 552.8) == (470, 550)
    assert rounded_inwards(1.011, 1.039) == (1.02, 1.03)
