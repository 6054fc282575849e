"""A claim is evaluated by paired runs."""

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


def claim_result(condition: str) -> ClaimResult:
    """Return what runs say of one claim."""
    scenario = a_scenario(more=CLAIM.format(condition) + VARIANTS)
    (result,) = claim_results(scenario, ScenarioRunner(seed=1, replications=4))
    return result


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("origin_hits@cured == 1", "holds"),
        ("origin_hits@object_per_key == origin_hits@cured", "holds"),
        ("origin_hits@faster_kv_writes < 0.1 * origin_hits", "fails"),
        ("errors@cured == 0 and origin_hits@cured > 1", "partly"),
        ("{here: origin_hits@cured == 1, there: origin_hits == 1}", "partly"),
        ("included.kv_reads >= 30 * 10_000_000", "fails"),
        ("first_rejected_at_s@cured < 60", "fails"),
        ("first_rejected_at_s@cured >= 60", "holds"),
        ("share(origin_hits@cured > 1) <= 60%", "holds"),
        ("share(origin_hits@cured > 1) <= 10%", "undecided"),
        ("share(origin_hits@cured < origin_hits) <= 10%", "fails"),
    ],
)
def test_the_truth_of_a_claim_is_that_of_its_runs(condition: str, truth: str) -> None:
    """By the 95 % interval of the difference of its sides."""
    assert claim_result(condition).truth == truth


def test_what_the_seeds_do_not_decide_is_undecided() -> None:
    """The mean itself lies within the interval around it."""
    mean = claim_result("origin_hits >= 0").circumstances[0].statements[0].left

    assert claim_result(f"origin_hits >= {mean}").truth == "undecided"


def test_a_claim_about_nothing_that_exists_is_refused() -> None:
    """With the nearest name."""
    with pytest.raises(ValueError, match='did you mean "cured"'):
        claim_result("origin_hits@curd == 1")


def test_a_claim_about_a_remedy_that_does_not_apply_is_of_what_happened() -> None:
    """The runs say that it changes nothing, and why."""
    found = claim_result("origin_hits@jittered_ttl == origin_hits and errors == -1")

    (statement, _) = found.circumstances[0].statements
    assert (statement.truth, found.truth) == ("holds", "partly")
    assert "there is one key" in found.runs[0].inapplicable


@pytest.mark.parametrize(
    "condition",
    [
        "latency_p99_s@cured < latency_p99_s",
        "latency_p50_s@object_per_key - latency_p50_s > 0ms",
    ],
)
def test_latencies_of_other_answered_requests_prove_nothing(condition: str) -> None:
    """The incident refuses some, whom the cure answers: undecided by any seeds."""
    (statement,) = claim_result(condition).circumstances[0].statements

    assert statement.truth == "undecided"
    assert statement.reason.startswith("not comparable: ")
    assert statement.reason.endswith("% were refused before")


def test_a_limit_on_the_latency_of_one_scenario_compares_nothing() -> None:
    """It is of the requests that are answered there."""
    assert claim_result("latency_p99_s@cured < 10").truth == "holds"


def test_latencies_of_a_part_compare_by_what_was_answered_there() -> None:
    """Before 60 ms nobody can be refused; later all of the limit is used up."""
    early, late = "[0ms..50ms]", "[100ms..200ms]"
    reasons = [
        claim_result(f"'latency_max_s{part}@cured < latency_max_s{part}'")
        .circumstances[0]
        .statements[0]
        .reason
        for part in (early, late)
    ]

    assert not reasons[0]
    assert reasons[1].startswith("not comparable: ")
