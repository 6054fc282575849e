"""Shares of runs and quantiles over runs are conditions like others."""

import pytest

from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.estimate import Estimate, estimate_over_runs
from simcoalesce.conditions.parser import Vocabulary
from simcoalesce.conditions.statement import Evaluation
from simcoalesce.conditions.truth import Truth
from tests.unit.conditions.builders import EXPECTED, GATE, UNITS


def evaluated(condition: Condition, *errors: float | None) -> Evaluation:
    """Return what runs with so many errors say of a condition."""
    (statement,) = condition.statements
    subject = statement.subject
    values = subject.values(lambda _: errors, len(errors))
    known = estimate_over_runs(values, subject.summary, unit=statement.unit)
    return statement.evaluation(known)


@pytest.mark.parametrize(
    ("condition", "zeros", "ones", "truth", "needed"),
    [
        ("share(errors > 0) <= 1%", 30, 0, "undecided", 299),
        ("share(errors > 0) <= 1%", 299, 0, "holds", None),
        ("1% >= share(errors > 0)", 299, 0, "holds", None),
        ("share(errors > 0) <= 1%", 27, 3, "fails", None),
        ("share(errors == 0) >= 99%", 298, 0, "undecided", 299),
        ("share(errors > 0 and errors < 1) <= 1%", 0, 299, "holds", None),
        ("share(errors > 0) == 0", 299, 0, "undecided", None),
        ("q95(errors) <= 0", 58, 0, "undecided", 59),
        ("q95(errors) <= 0", 59, 0, "holds", None),
        ("q95(errors) <= 0", 40, 20, "fails", None),
        ("q50(errors) < 1", 59, 3, "holds", None),
    ],
)
def test_a_bound_decides(
    condition: str, zeros: int, ones: int, truth: Truth, needed: int | None
) -> None:
    """The one-sided 95 % bound; undecided says how many runs would do."""
    found = evaluated(EXPECTED.condition(condition), *[0] * zeros, *[1] * ones)

    assert (found.truth, found.replications_to_decide) == (truth, needed)


@pytest.mark.parametrize(
    ("ones", "text"),
    [
        (0, "0 of 30 runs; so at most 9.5 % of runs"),
        (3, "3 of 30 runs"),
        (30, "30 of 30 runs; so at least 90.5 % of runs"),
    ],
)
def test_a_share_says_how_far_it_reaches(ones: int, text: str) -> None:
    """1 - 0.05^(1/30) = 9.5 %."""
    condition = EXPECTED.condition("share(errors > 0) <= 50%")

    assert evaluated(condition, *[0] * (30 - ones), *[1] * ones).reach_text == text


def test_what_a_run_does_not_have_cannot_be_counted() -> None:
    """The other runs say nothing of it."""
    condition = EXPECTED.condition("share(errors > 0) <= 1%")
    found = evaluated(condition, *[0] * 500, None)

    assert (found.truth, found.known.n) == ("undecided", 500)
    assert found.reason == "it does not exist in 1 of 501 replications"


def test_a_quantile_has_the_interval_of_its_order_statistics() -> None:
    """Of 1 to 200, q95 is 190; P(Bin(200, 95 %) >= 197) = 6.2 %, >= 198 is 2.3 %."""
    values = [float(one) for one in range(1, 201)]
    (statement,) = EXPECTED.condition("q95(errors) <= 250").statements
    known = estimate_over_runs(values, statement.subject.summary, unit="1")

    assert (known.mean, known.high) == (190, 197)
    assert known.low is not None
    assert 182 <= known.low <= 185


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("share(errors) <= 1%", "this compares nothing"),
        ("share(errors > 0) <= 2", "2 is above 1; write e.g. 5%"),
        ("share(share(errors > 0) > 1%) <= 1%", "a run has no share of the runs"),
        ("share(errors > 0) <= errors", "is compared with a number"),
        ("2 * share(errors > 0) <= 1%", "cannot stand here"),
        ("share(latency_p99_s > 3) <= 1%", "write e.g. 80ms"),
        ("q0(errors) <= 1", "q0 is no quantile"),
        ("q95(latency_p99_s) <= 3", "write e.g. 80ms"),
        ("q95(3) <= 1", "names no metric"),
        ("share(errors > 0) worse by 5%", "is compared with a number"),
    ],
)
def test_what_cannot_be_asked_of_runs_is_refused(text: str, hint: str) -> None:
    """The message says what to write instead."""
    with pytest.raises(ValueError, match=hint.replace("(", r"\(")):
        GATE.condition(text)


def test_what_happened_once_has_no_share_of_runs() -> None:
    """An observation is one run."""
    once = Vocabulary(UNITS, "errors == 0", is_of_runs=False)

    with pytest.raises(ValueError, match="what happened once has no share"):
        once.condition("share(errors > 0) <= 1%")


def test_a_number_that_was_the_same_can_be_asked_to_be_rare() -> None:
    """299 equal runs show at most 1 %, 298 do not; what is certain needs none."""
    (statement,) = EXPECTED.condition("errors == 0").statements
    few, enough = (Estimate(0.0, 0.0, 0.0, 0.0, n, "1") for n in (298, 299))
    certain = Estimate(0.0, 0.0, 0.0, 0.0, 5, "1", is_certain=True)
    found = [
        statement.evaluation(one, rare_ratio=0.01) for one in (few, enough, certain)
    ]

    assert [one.truth for one in found] == ["undecided", "holds", "holds"]
    assert found[0].replications_to_decide == 299
    assert found[2].reach_text == "certain: nothing on the path can make it otherwise"
