"""A range is one statement; several statements may be partly true."""

import json
from pathlib import Path
from typing import Final

import pytest

from simcoalesce.explain.claims.claim_evaluation import claim_results
from simcoalesce.explain.claims.claim_result import ClaimResult
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.scenario import Scenario

CASES: Final = Path("tests/assets/explain")


def _claim_result(case: str, holds_if: str = "") -> ClaimResult:
    scenario = Scenario.load(CASES / f"{case}.yaml")
    if holds_if:
        claim = {"text": "So.", "holds_if": holds_if}
        scenario = scenario.with_overrides(f"claims={json.dumps([claim])}")
    (result,) = claim_results(scenario, ScenarioRunner(seed=1, replications=3))
    return result


@pytest.mark.parametrize(
    ("holds_if", "truth"),
    [
        ("", "fails"),
        ("9000 <= origin_hits <= 11000", "fails"),
        ("origin_hits <= 20 and errors == 0 and origin_hits >= 10", "partly"),
        ("2 * origin_hits >= 200 and origin_hits <= 300", "fails"),
        ("share(errors > 0) >= 70% and share(errors > 0) <= 90%", "fails"),
        ("50 <= origin_hits <= 52", "holds"),
        ("origin_hits == 50 and origin_hits >= 1", "fails"),
        ("origin_hits >= 60 and errors == 0", "partly"),
        ("origin_hits >= 60 and origin_hits >= 50", "partly"),
        ("origin_hits >= 60 and errors >= 1", "fails"),
    ],
)
def test_a_range_fails_if_one_of_its_bounds_does(holds_if: str, truth: str) -> None:
    """There are 51 calls and no errors; of two opposite bounds one always holds."""
    assert _claim_result("range-claim", holds_if).truth == truth


def test_a_percentile_of_too_few_answers_is_undecided() -> None:
    """Fifty answers support no p99, in a claim as in an expectation."""
    result = _claim_result("few-answers")

    (statement,) = result.circumstances[0].statements
    assert result.truth == "undecided"
    assert statement.reason.startswith("fewer than 100 requests were answered")


def test_a_claim_says_of_a_part_what_it_says_of_all() -> None:
    """All requests are of the one key, and come within two seconds."""
    result = _claim_result(
        "range-claim",
        "origin_hits[0s..2s] == origin_hits and errors[1s..2s]@object_per_key == 0",
    )

    assert result.truth == "holds"
