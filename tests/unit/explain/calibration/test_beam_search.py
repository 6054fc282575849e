"""A search ends, whatever it finds, and the same search finds the same."""

import pytest

from simcoalesce.explain.calibration import candidate
from simcoalesce.explain.calibration.candidate import Candidates
from simcoalesce.explain.calibration.hypothesis import Hypothesis
from simcoalesce.explain.calibration.rivals import rival_hypotheses
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.scenario import Scenario
from tests.unit.explain.builders import a_scenario
from tests.unit.explain.synthetic import synthetic


def searched(report: Scenario, runner: ScenarioRunner) -> list[Hypothesis]:
    """Return the hypotheses about a report."""
    candidates = Candidates(report, report.observations, runner)
    return list(rival_hypotheses(candidates))


def hypotheses(report: str) -> list[Hypothesis]:
    """Return the hypotheses about a report of calls."""
    scenario = a_scenario(more=f"observations: [{{text: calls, that: {report}}}]")
    runner = ScenarioRunner(seed=1, replications=3)
    return searched(scenario, runner)


def test_without_a_fit_the_nearest_hypothesis_is_returned() -> None:
    """With what it leaves unexplained."""
    (hypothesis,) = hypotheses("origin_failed >= 5")

    assert hypothesis.unexplained == ("calls",)


def test_a_search_ends_with_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it has simulated so many requests."""
    monkeypatch.setattr(candidate, "_MOST_REQUESTS", 0)
    (hypothesis,) = hypotheses("origin_hits <= 50")

    assert (hypothesis.adjustments, hypothesis.unexplained) == ((), ("calls",))


def test_a_hypothesis_changes_no_parameter_without_need() -> None:
    """If one does it alone, no pair with it is shown."""
    kinds = [
        {change.parameter for change in one.adjustments}
        for one in hypotheses("origin_hits <= 60")
    ]

    assert all(not a < b for a in kinds for b in kinds)


def test_the_same_report_has_the_same_hypotheses() -> None:
    """To the last digit."""
    report = synthetic(2).report
    found = [searched(report, ScenarioRunner(seed=1, replications=3)) for _ in range(2)]

    assert found[0] == found[1]
