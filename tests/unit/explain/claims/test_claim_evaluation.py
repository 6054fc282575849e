"""A claim is judged by paired runs, and each word is earned."""

import pytest

from simcoalesce.explain.claims.claim_evaluation import claim_results
from simcoalesce.explain.claims.claim_result import ClaimResult
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario

CLAIM = "claims: [{{text: It is so., holds_if: {}}}]\n"
VARIANTS = """
variants:
  cured: {path: [kv.read, durable_object, kv.write, origin]}
"""


def judged(condition: str) -> ClaimResult:
    """Return the judgement of one claim."""
    scenario = a_scenario(more=CLAIM.format(condition) + VARIANTS)
    (claim_result,) = claim_results(scenario, ScenarioRunner(seed=1, replications=4))
    return claim_result


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("origin_hits@cured == 1", "HOLDS"),
        ("origin_hits@object_per_key == origin_hits@cured", "HOLDS"),
        ("origin_hits@faster_kv_writes < 0.1 * origin_hits", "FAILS"),
        ("errors@cured == 0 and origin_hits@cured > 1", "PARTLY"),
        ("{here: origin_hits@cured == 1, there: origin_hits == 1}", "DEPENDS"),
        ("included.kv_reads >= 30 * 10_000_000", "FAILS"),
        ("first_rejected_at_s@cured < 60", "FAILS"),
    ],
)
def test_a_claim_gets_the_word_that_its_runs_earn(condition: str, word: str) -> None:
    """By the 95 % interval of the difference of its sides."""
    assert judged(condition).word == word


def test_what_the_seeds_do_not_decide_depends() -> None:
    """The mean itself lies within the interval around it."""
    mean = judged("origin_hits >= 0").cases[0].comparisons[0].left

    assert judged(f"origin_hits >= {mean}").word == "DEPENDS"


def test_a_claim_about_nothing_that_exists_is_refused() -> None:
    """With the nearest name."""
    with pytest.raises(ValueError, match='did you mean "cured"'):
        judged("origin_hits@curd == 1")


def test_a_claim_about_a_fix_that_does_not_apply_is_refused() -> None:
    """With the reason."""
    with pytest.raises(ValueError, match="there is one key"):
        judged("origin_hits@jittered_ttl == 1")
