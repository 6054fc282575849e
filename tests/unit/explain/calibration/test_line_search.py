"""A line search finds the best value of a parameter, and tries few that are worse."""

import pytest

from simcoalesce.explain.calibration.candidate import Candidate, Candidates
from simcoalesce.explain.calibration.line_search import line_search, neighbours
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario


def candidates_of(report: str) -> tuple[Candidates, ScenarioRunner]:
    """Return the candidates for a report of calls, and their runner."""
    scenario = a_scenario(more=f"observations: [{{text: calls, that: {report}}}]")
    runner = ScenarioRunner(seed=1, replications=3)
    return Candidates(scenario, scenario.observations, runner), runner


def best(candidates: Candidates, kind: str) -> Candidate | None:
    """Return the report with the best value of one parameter."""
    number = [parameter.kind for parameter in candidates.parameters].index(kind)
    return line_search(candidates, candidates.start, number)


def test_a_setting_that_fits_is_found() -> None:
    """Half as many call if they come within twice as long."""
    candidates, _ = candidates_of("origin_hits >= 50 and origin_hits <= 52")
    found = best(candidates, "arrival_spread")

    assert found is not None
    assert found.discrepancy == 0
    assert found.adjustments[0].setting == pytest.approx(2, rel=0.15)


def test_a_parameter_without_an_effect_is_tried_once_on_each_side() -> None:
    """What the origin admits makes no call more or less."""
    candidates, runner = candidates_of("origin_hits <= 50")
    runs = runner.runs

    assert best(candidates, "quota") is None
    assert runner.runs == runs + 2


def test_a_parameter_that_does_not_apply_is_left_out() -> None:
    """There is no month of which the events could be counted."""
    candidates, runner = candidates_of("cost_usd <= 50")
    runs = runner.runs

    assert best(candidates, "events_per_month") is None
    assert runner.runs == runs


def test_settings_near_by_lie_on_both_sides() -> None:
    """And differ by a fifth at most."""
    candidates, _ = candidates_of("origin_hits >= 50 and origin_hits <= 52")
    found = best(candidates, "arrival_spread")
    assert found is not None
    ((number, setting),) = found.settings

    ratios = [
        one.settings[0][1] / setting for one in neighbours(candidates, found, number)
    ]
    assert min(ratios) < 1 < max(ratios)
    assert all(0.8 < ratio < 1.25 for ratio in ratios)
