"""A claim is a metric, a comparison and a value in the metric's unit."""

import pytest

from simcoalesce.metrics.claim import Claim, Truth


@pytest.mark.parametrize(
    ("text", "metric", "comparison", "limit"),
    [
        ("origin_hits <= 50", "origin_hits", "<=", 50),
        ("requests>=1.2M", "requests", ">=", 1_200_000),
        ("latency_p99_s < 250ms", "latency_p99_s", "<", 0.25),
        ("hit_ratio >= 90%", "hit_ratio", ">=", 0.9),
        ("cost_month_usd < 40", "cost_month_usd", "<", 40.0),
        ("cost_usd <= $0.003", "cost_usd", "<=", 0.003),
        ("cost_usd <= 1.50 USD", "cost_usd", "<=", 1.5),
        ("origin_peak_rate_per_s > 100/s", "origin_peak_rate_per_s", ">", 100.0),
        ("  errors == 0 ", "errors", "==", 0),
        ("origin_rejected != 0", "origin_rejected", "!=", 0),
    ],
)
def test_a_limit_is_read_in_the_unit_of_its_metric(
    text: str, metric: str, comparison: str, limit: float
) -> None:
    """Durations, shares, rates, counts and money are all written as such."""
    claim = Claim.parse(text)

    assert (claim.metric, claim.comparison, claim.limit) == (metric, comparison, limit)


def test_a_claim_reads_as_it_was_written() -> None:
    """Only the spaces are set right."""
    assert str(Claim.parse("latency_p99_s<250ms")) == "latency_p99_s < 250ms"


def test_an_unknown_metric_is_refused_with_the_nearest_name() -> None:
    """A typo fails when it is read, and says where all names are."""
    with pytest.raises(ValueError, match=r'did you mean "origin_hits"\? All names'):
        Claim.parse("orgin_hits <= 50")


@pytest.mark.parametrize(
    "text", ["origin_hits = 50", "origin_hits <=", "<= 50", "fast", "a <= b <= c", 5]
)
def test_what_is_no_comparison_is_refused(text: object) -> None:
    """The message shows what to write."""
    with pytest.raises(ValueError, match="write a metric, one of"):
        Claim.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "latency_p99_s < 250",
        "hit_ratio >= 90ms",
        "hit_ratio >= 2",
        "origin_hits <= 2.5",
        "cost_usd < 40 EUR",
        "origin_peak_rate_per_s < 100",
    ],
)
def test_a_limit_in_another_unit_is_refused(text: str) -> None:
    """A bare number for a duration, or a duration for a share, is an error."""
    with pytest.raises(ValueError, match=r"write e\.g\.|write a number|whole|above 1"):
        Claim.parse(text)


@pytest.mark.parametrize(
    ("comparison", "below", "touching", "at", "around", "above"),
    [
        ("<=", "holds", "holds", "holds", "open", "fails"),
        ("<", "holds", "open", "fails", "open", "fails"),
        (">=", "fails", "open", "holds", "open", "holds"),
        (">", "fails", "fails", "fails", "open", "holds"),
        ("==", "fails", "open", "holds", "open", "fails"),
        ("!=", "holds", "open", "fails", "open", "holds"),
    ],
)
def test_a_claim_is_true_of_an_interval_only_as_a_whole(
    comparison: str,
    below: Truth,
    touching: Truth,
    at: Truth,
    around: Truth,
    above: Truth,
) -> None:
    """It holds for all of it, fails for all of it, or is open."""
    claim = Claim.parse(f"origin_hits {comparison} 50")
    intervals = [(40, 45), (40, 50), (50, 50), (40, 60), (55, 60)]

    truths = [claim.truth(low, high) for low, high in intervals]

    assert truths == [below, touching, at, around, above]
