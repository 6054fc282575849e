"""Verdicts are given on the 95 % interval of the mean."""

import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.truth import Truth
from simcoalesce.metrics import METRICS, Expectation, Verdict
from simcoalesce.metrics.expectation import EXPECTED

KNOWN = Estimate(50.0, 10.0, 46.0, 54.0, 30, "1")


def verdict(written: object, known: Estimate = KNOWN) -> Verdict:
    """Return the verdict on an expectation."""
    expectation = Expectation.model_validate(written)
    return expectation.verdict(lambda _: known)


@pytest.mark.parametrize(
    ("claim", "truth"),
    [
        ("origin_hits <= 54", "holds"),
        ("origin_hits <= 50", "undecided"),
        ("origin_hits < 46", "fails"),
        ("origin_hits != 40 and origin_hits >= 55", "fails"),
        ("46 <= origin_hits <= 54", "holds"),
    ],
)
def test_the_whole_interval_decides(claim: str, truth: Truth) -> None:
    """The mean alone proves nothing."""
    assert verdict(claim).truth == truth


def test_undecided_says_how_many_replications_would_decide() -> None:
    """Half-width 1.96 sd / sqrt(n) must fall below the distance to the limit."""
    # (1.96 * 10 / 1)^2 = 384.2
    assert verdict("origin_hits <= 51").replications_to_decide == 386


@pytest.mark.parametrize(
    ("claim", "known"),
    [
        ("origin_hits <= 50", KNOWN),
        ("origin_hits <= 60", KNOWN),
        ("origin_hits <= 60", replace(KNOWN, sd=None, low=None, high=None, n=1)),
    ],
    ids=["the mean is the limit", "decided", "one run"],
)
def test_where_no_number_would_decide_none_is_told(claim: str, known: Estimate) -> None:
    """No number of replications parts the interval from its own middle."""
    assert verdict(claim, known).replications_to_decide is None


@pytest.mark.parametrize(("level", "is_broken"), [("fail", True), ("warn", False)])
def test_only_a_required_expectation_breaks_the_run(
    level: str, *, is_broken: bool
) -> None:
    """A warning is told, but does not fail."""
    assert verdict({"that": "errors == 0", "level": level}).is_broken is is_broken


def test_the_mapping_form_carries_level_and_reason() -> None:
    """A reason and a level need the long form, which is kept when written again."""
    written = {"that": "kv_writes_refused == 0", "level": "warn", "because": "1/s/key"}

    assert Expectation.model_validate(written).model_dump(mode="json") == written


def test_a_plain_expectation_is_written_as_a_text() -> None:
    """What was short stays short."""
    expectation = Expectation.model_validate("origin_hits<=50")

    assert json.loads(expectation.model_dump_json()) == "origin_hits <= 50"


def test_an_expectation_is_its_claim_in_print() -> None:
    """A line of a report shows what was demanded."""
    assert str(Expectation.model_validate("origin_hits<=50")) == "origin_hits <= 50"


def test_a_faulty_text_is_reported_at_its_own_position() -> None:
    """The place is the expectation's, not that of a key that nobody wrote."""
    with pytest.raises(ValidationError) as error:
        Expectation.model_validate("orgin_hits <= 50")

    assert error.value.errors()[0]["loc"] == ()


def test_unknown_keys_are_refused() -> None:
    """A typo in the mapping form is not ignored."""
    with pytest.raises(ValidationError, match="levle"):
        Expectation.model_validate({"that": "errors == 0", "levle": "warn"})


def test_the_schema_lists_every_metric() -> None:
    """Editors offer the names; the message for an unknown metric points here."""
    text = json.dumps(Expectation.model_json_schema())

    assert [name for name in METRICS if name not in text] == []


def test_a_verdict_documents_its_interval() -> None:
    """The result document shows what the verdict was based on."""
    document = verdict("origin_hits <= 54").document()

    assert (document["truth"], document["ci95"]) == ("holds", [46.0, 54.0])


def test_calls_for_each_request_may_be_limited_above_one() -> None:
    """A share may not: `hit_ratio >= 90` means 90 %, and says so."""
    assert str(EXPECTED.condition("origin_ratio <= 2.5")) == "origin_ratio <= 2.5"
    with pytest.raises(ValueError, match="above 1; write"):
        EXPECTED.condition("error_ratio <= 2.5")


def test_an_expectation_that_reproduces_a_report_says_so_in_its_document() -> None:
    """And is read again as it is written."""
    written = {"that": "errors >= 3", "reproduces": True}
    told = Expectation.model_validate(written).model_dump(mode="json")

    assert (told["that"], told["reproduces"]) == ("errors >= 3", True)
    assert Expectation.model_validate(told).reproduces
