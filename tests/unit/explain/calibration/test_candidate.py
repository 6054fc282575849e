"""A candidate is simulated once, and several seeds decide whether it fits."""

import pytest

from simcoalesce.explain.calibration import candidate
from simcoalesce.explain.calibration.candidate import Candidate, Candidates
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario


def candidates_of(report: str, *overrides: str) -> tuple[Candidates, ScenarioRunner]:
    """Return the candidates for a report of calls, and their runner."""
    scenario = a_scenario(
        *overrides, more=f"observations: [{{text: calls, that: {report}}}]"
    )
    runner = ScenarioRunner(seed=1, replications=5)
    return Candidates(scenario, scenario.observations, runner), runner


def adjusted(candidates: Candidates, kind: str, setting: float) -> Candidate:
    """Return the report with one parameter changed."""
    number = [parameter.kind for parameter in candidates.parameters].index(kind)
    made = candidates.with_setting((), number, setting)
    assert made is not None
    return made


def test_a_candidate_is_simulated_once() -> None:
    """However often it is asked for."""
    candidates, runner = candidates_of("origin_hits <= 50")
    first = adjusted(candidates, "origin_latency", 0.5)
    runs = runner.runs

    assert adjusted(candidates, "origin_latency", 0.5) is first
    assert runner.runs == runs


def test_what_a_scenario_cannot_say_is_no_candidate() -> None:
    """A scenario without a limit has none that could be changed."""
    candidates, _ = candidates_of("origin_hits <= 50", "origin.rate_limit=unlimited")
    number = [parameter.kind for parameter in candidates.parameters].index("quota")

    assert candidates.with_setting((), number, 2.0) is None


def test_what_is_far_from_true_is_not_tried_under_other_seeds() -> None:
    """One seed says enough of it."""
    candidates, runner = candidates_of("origin_hits <= 5")
    found = adjusted(candidates, "origin_latency", 0.5)
    runs = runner.runs

    assert not candidates.fits(found)
    assert runner.runs == runs


def test_what_fits_only_one_seed_is_within_chance() -> None:
    """About a hundred call, give or take twenty; it happened once."""
    candidates, _ = candidates_of("origin_hits >= 108 and origin_hits <= 109")

    assert candidates.start.discrepancy > 0
    assert candidates.fits(candidates.start)


def test_an_unreported_value_deviates_by_a_quarter() -> None:
    """A doubling of what nobody reported; of what was reported it is one, plus one."""
    untold, _ = candidates_of("origin_hits <= 5")
    told, _ = candidates_of("origin_hits <= 5, sets: [origin.latency=60ms]")

    assert adjusted(untold, "origin_latency", 2.0).deviation == 0.5
    assert adjusted(told, "origin_latency", 2.0).deviation == 2


def test_other_seeds_count_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times 200 requests, and no more is simulated."""
    candidates, _ = candidates_of("origin_hits >= 108 and origin_hits <= 109")
    monkeypatch.setattr(candidate, "_MOST_REQUESTS", 800)
    candidates.fits(candidates.start)

    assert candidates.with_setting((), 0, candidates.parameters[0].grid[0]) is None
