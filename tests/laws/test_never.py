"""Never is later than any instant, wherever an instant is asked for."""

from pathlib import Path
from typing import Final

import pytest

from simcoalesce.experiment.compare import comparisons
from simcoalesce.experiment.metric_values import metric_values
from simcoalesce.experiment.regression_gate import gate_results, parse_gate
from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.solve import evaluation_of, solve
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.metrics.expectation import EXPECTED, Expectation
from simcoalesce.scenario.scenario import Scenario

CASE: Final = Path("tests/assets/explain/never-refused.yaml")
LIMIT: Final = "origin.rate_limit=[{kind: token_bucket, rate: 1/s, burst: 10}]"

SAID: Final = [
    ("first_rejected_at_s >= 5s", "holds"),
    ("first_rejected_at_s < 240s", "fails"),
    ("first_rejected_at_s == 5s", "fails"),
    ("first_rejected_at_s != 5s", "holds"),
    ("2 * first_rejected_at_s - 1s > 5s", "holds"),
    ("first_rejected_at_s >= time_to_recover_s", "holds"),
    ("share(first_rejected_at_s < 5s) <= 50%", "holds"),
    ("q50(first_rejected_at_s) >= 5s", "holds"),
    ("10s <= first_rejected_at_s <= 20s", "fails"),
]


@pytest.mark.parametrize(("said", "truth"), SAID)
def test_an_origin_that_never_refuses_refuses_later_than_at_any_time(
    said: str, truth: str
) -> None:
    """As an expectation, as the goal of a search, and as a goal of remedies."""
    scenario = Scenario.load(CASE)
    measured = metric_values(scenario, replications=5)
    expected = Expectation.model_validate(said)

    assert expected.verdict(measured.subject).truth == truth
    assert evaluation_of(EXPECTED.condition(said), measured).truth == truth
    assert Goal((expected,)).is_met(measured) == (truth == "holds")
    assert Goal((expected,)).is_met_on_average(measured) == (truth == "holds")


def test_the_case_meets_its_expectation() -> None:
    """It was undecided for ever."""
    assert replicate(Scenario.load(CASE), replications=5).truth == "holds"


@pytest.mark.parametrize("is_paired", [True, False])
def test_a_limit_that_refuses_where_none_did_makes_the_first_refusal_worse(
    *, is_paired: bool
) -> None:
    """Which is better in the other direction; a gate finds it."""
    free = Scenario.load(CASE)
    more = () if is_paired else ("traffic.arrivals[0].requests=51",)
    limited = free.with_overrides(LIMIT, *more)
    metrics = ["first_rejected_at_s"]
    (worse,) = comparisons([free, limited], metrics=metrics)
    (better,) = comparisons([limited, free], metrics=metrics)
    gates = [parse_gate("first_rejected_at_s worse by 10%")]

    assert [one.differences[0].verdict for one in (worse, better)] == [
        "worse",
        "better",
    ]
    truths = [one.evaluation.truth for one in gate_results(gates, [worse, better])]
    assert truths == ["holds", "fails"]


def test_an_origin_that_never_refuses_before_and_after_is_the_same() -> None:
    """Nothing is told of it, and no gate stops."""
    free = Scenario.load(CASE)
    slower = free.with_overrides("origin.latency=200ms")
    (found,) = comparisons([free, slower], metrics=["first_rejected_at_s", "errors"])
    gate = parse_gate("first_rejected_at_s worse by 10%")

    assert [one.metric for one in found.differences] == ["errors"]
    assert gate_results([gate], [found])[0].evaluation.truth == "fails"


def test_a_search_finds_the_limit_that_never_refuses() -> None:
    """Of 50 requests within 2 s, 48 must find a token of a bucket that gets two."""
    limited = Scenario.load(CASE).with_overrides(LIMIT)
    key = "origin.rate_limit[0].burst"

    found = solve(limited, "first_rejected_at_s >= 5s", f"{key}=10..60")

    assert found.meets is not None
    assert 48 <= int(found.meets.value) <= 50
    assert found.meets.evaluation.truth == "holds"
