"""Changes of metrics, each with its interval and its verdict."""

import pytest

from simcoalesce.report.drawing.figure import svg_text
from simcoalesce.report.pictures.comparison_changes import ComparisonChanges
from tests.unit.experiment.builders import a_comparison


def test_what_is_not_comparable_has_its_reason_and_no_interval() -> None:
    """The headline counts the verdicts of the others."""
    found = a_comparison(metrics=["errors", "latency_p50_s", "latency_error_p50_s"])
    picture, reason = ComparisonChanges(), found.error_shares.reason

    assert picture.headline(found) == (
        f"None of 4 metrics better; 1 worse; 1 undecided; 1 not comparable: {reason}"
    )
    assert f">{reason}</text>" in svg_text(picture, found)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ("path=[kv.read, durable_object, kv.write, origin]", "better"),
        ("kv.write_latency=800ms", "worse"),
        ("kv.write_latency=80ms", "same"),
    ],
)
def test_a_verdict_is_a_mark_and_a_word(change: str, verdict: str) -> None:
    """In the legend and beside the metric: never told by colour alone."""
    text = svg_text(ComparisonChanges(), a_comparison(change, metrics=["origin_hits"]))

    assert text.count(f">{verdict}</text>") == 2
