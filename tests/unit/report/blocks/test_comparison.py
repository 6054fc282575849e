"""Comparisons in words: what is better, what is not comparable, and of how many."""

from dataclasses import replace

from simcoalesce.report.blocks.comparison import comparison_report, comparisons_report
from simcoalesce.report.html.page import page
from tests.unit.experiment.builders import a_comparison


def test_what_is_not_comparable_is_told_of_all_requests_too() -> None:
    """Refusals come quickly, so all requests together get faster."""
    report = comparison_report(a_comparison(metrics=["latency_p50_s"]))

    assert "; latency_p50_s not comparable: " in report.headline
    assert report.headline.endswith(
        "% were refused after (over all requests: latency_all_p50_s 105 ms → 10 ms)."
    )


def test_a_latency_of_few_runs_says_of_how_many() -> None:
    """Only errors have a latency of errors: in no run before, in each of four after."""
    (block,) = comparison_report(a_comparison(metrics=["latency_error_p50_s"])).blocks

    assert "latency_error_p50_s: in none before, in all 4 runs after." in block.notes


def test_a_latency_of_all_requests_needs_no_footnote() -> None:
    """Every request is answered in both."""
    found = a_comparison("kv.write_latency=20ms", metrics=["latency_p50_s"])
    (block,) = comparison_report(found).blocks

    assert not [note for note in block.notes if "were answered" in note]


def test_several_comparisons_are_one_page() -> None:
    """A table for each, then their pictures."""
    one = a_comparison(metrics=["origin_hits"])
    other = replace(one, other=one.other.with_variant("per-key"))

    html = page(comparisons_report([one, other]))

    assert html.count("<table>") == html.count("<figure>") / 2 == 2
    assert "<h2>What changes, as pictures</h2>" in html
