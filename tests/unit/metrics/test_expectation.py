"""Verdicts are given on the 95 % interval of the mean."""

import json
from dataclasses import dataclass

import pytest
from pydantic import ValidationError

from simcoalesce.metrics import METRICS, Expectation
from simcoalesce.metrics.expectation import State, replications_to_decide


@dataclass(frozen=True)
class _Estimate:
    mean: float | None = 50.0
    sd: float | None = 10.0
    low: float | None = 46.0
    high: float | None = 54.0
    n: int = 30
    reason: str | None = None


_MISSING = _Estimate(None, None, None, None, 0, "the origin refused no call")
_PARTLY = "the origin refused no call in 10 of 30 replications"


@pytest.mark.parametrize(
    ("claim", "state"),
    [
        ("origin_hits <= 54", "pass"),
        ("origin_hits < 54", "undecided"),
        ("origin_hits <= 50", "undecided"),
        ("origin_hits < 46", "fail"),
        ("origin_hits >= 55", "fail"),
        ("origin_hits == 50", "undecided"),
        ("origin_hits == 40", "fail"),
        ("origin_hits != 40", "pass"),
    ],
)
def test_the_whole_interval_decides(claim: str, state: State) -> None:
    """The mean alone proves nothing."""
    assert Expectation.parse(claim).judge(_Estimate()).state == state


@pytest.mark.parametrize(
    ("claim", "state"), [("origin_hits == 1", "pass"), ("origin_hits > 1", "fail")]
)
def test_an_interval_without_width_always_decides(claim: str, state: State) -> None:
    """Where every replication says the same, there is nothing to wait for."""
    exact = _Estimate(mean=1.0, sd=0.0, low=1.0, high=1.0)

    assert Expectation.parse(claim).judge(exact).state == state


def test_a_metric_that_does_not_exist_decides_nothing() -> None:
    """No rejection at all is neither early nor late, and the verdict says so."""
    verdict = Expectation.parse("first_rejected_at_s > 3m").judge(_MISSING)

    assert (verdict.state, verdict.reason) == (
        "undecided",
        "the origin refused no call",
    )


def test_a_metric_missing_in_some_replications_cannot_pass() -> None:
    """The mean of those that have it says nothing of the others."""
    partly = _Estimate(n=20, reason=_PARTLY)

    verdict = Expectation.parse("first_rejected_at_s < 3m").judge(partly)

    assert (verdict.state, verdict.reason) == ("undecided", _PARTLY)


def test_a_metric_missing_in_some_replications_can_fail() -> None:
    """What exists may break the expectation already."""
    partly = _Estimate(n=20, reason=_PARTLY)

    verdict = Expectation.parse("first_rejected_at_s > 3m").judge(partly)

    assert (verdict.state, verdict.reason) == ("fail", _PARTLY)


def test_one_replication_decides_nothing() -> None:
    """One seed has no interval."""
    one = _Estimate(sd=None, low=None, high=None, n=1)

    verdict = Expectation.parse("origin_hits <= 500").judge(one)

    assert verdict.state == "undecided"
    assert verdict.reason == "one replication has no interval: run two or more"


def test_undecided_says_how_many_replications_would_decide() -> None:
    """Half-width 1.96 sd / sqrt(n) must fall below the distance to the limit."""
    verdict = Expectation.parse("origin_hits <= 51").judge(_Estimate())

    # (1.96 * 10 / 1)^2 = 384.2
    assert verdict.replications_to_decide == 386


def test_a_mean_on_the_limit_is_never_decided() -> None:
    """No number of replications parts the interval from its own middle."""
    assert replications_to_decide(_Estimate(mean=50.0), limit=50.0) is None


@pytest.mark.parametrize(("level", "is_broken"), [("fail", True), ("warn", False)])
def test_only_a_required_expectation_breaks_the_run(
    level: str, *, is_broken: bool
) -> None:
    """A warning is told, but does not fail."""
    expectation = Expectation.parse({"that": "errors == 0", "level": level})

    assert expectation.judge(_Estimate()).is_broken is is_broken


def test_the_mapping_form_carries_level_and_reason() -> None:
    """A reason and a level need the long form, which is kept when written again."""
    written = {"that": "kv_writes_refused == 0", "level": "warn", "because": "1/s/key"}

    assert Expectation.parse(written).model_dump(mode="json") == written


def test_a_plain_expectation_is_written_as_a_text() -> None:
    """What was short stays short."""
    expectation = Expectation.parse("origin_hits<=50")

    assert json.loads(expectation.model_dump_json()) == "origin_hits <= 50"


def test_an_expectation_is_its_claim_in_print() -> None:
    """A line of a report shows what was demanded."""
    assert str(Expectation.parse("origin_hits<=50")) == "origin_hits <= 50"


def test_a_faulty_text_is_reported_at_its_own_place() -> None:
    """The place is the expectation's, not that of a key that nobody wrote."""
    with pytest.raises(ValidationError) as error:
        Expectation.model_validate("orgin_hits <= 50")

    assert error.value.errors()[0]["loc"] == ()


def test_unknown_keys_are_refused() -> None:
    """A typo in the mapping form is not ignored."""
    with pytest.raises(ValidationError, match="levle"):
        Expectation.parse({"that": "errors == 0", "levle": "warn"})


def test_the_schema_lists_every_metric() -> None:
    """Editors offer the names; the message for an unknown metric points here."""
    text = json.dumps(Expectation.model_json_schema())

    assert [name for name in METRICS if name not in text] == []


def test_a_verdict_documents_its_interval() -> None:
    """The result document shows what the verdict was based on."""
    document = Expectation.parse("origin_hits <= 54").judge(_Estimate()).document()

    assert (document["state"], document["ci95"]) == ("pass", [46.0, 54.0])
