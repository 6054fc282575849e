"""What an explanation shows is what it found, in each of its forms."""

import re

import pytest

from simcoalesce.explain.explanation import explain
from simcoalesce.report.blocks.explanation import explanation_blocks
from simcoalesce.report.blocks.explanation_report import explanation_report
from simcoalesce.report.blocks.explanation_sentences import headline
from simcoalesce.report.blocks.report import Block, tone_of
from simcoalesce.report.html.page import page
from simcoalesce.report.markdown.report import report_markdown
from simcoalesce.report.terminal.report import WIDTH, report_text
from tests.unit.explain.builders import a_scenario, an_explanation


def section(title: str) -> Block:
    """Return the section with a title."""
    (found,) = (
        one for one in explanation_blocks(an_explanation()) if one.title == title
    )
    return found


def test_no_line_is_wider_than_the_screen() -> None:
    """Long cells are wrapped."""
    lines = report_text(explanation_report(an_explanation())).splitlines()

    assert max(map(len, lines)) <= WIDTH


def test_every_section_stands_in_every_form() -> None:
    """In one order."""
    explanation = an_explanation()
    titles = [one.title for one in explanation_blocks(explanation)]
    report = explanation_report(explanation)
    text, markdown, html = report_text(report), report_markdown(report), page(report)

    assert all(f"\n{title.upper()}\n" in text for title in titles)
    assert re.findall(r"^## (.*)$", markdown, flags=re.MULTILINE) == titles
    assert re.findall(r"<h2>(.*?)</h2>", html) == titles


def test_the_headline_has_the_means() -> None:
    """Calls, requests, refusals."""
    told = headline(an_explanation())
    base = an_explanation().base

    assert "of 200 requests" in told
    assert f"it refused {base['origin_rejected'].mean:.1f}".removesuffix(".0") in told


def test_every_row_of_a_table_has_a_cell_for_each_column() -> None:
    """A table that is not even cannot be read."""
    for one in explanation_blocks(an_explanation()):
        assert {len(row) for row in one.rows} <= {len(one.header)}


def test_what_shipped_is_shown_whole_and_without_each_part() -> None:
    """With a verdict for each."""
    rows = section("What shipped, and without each part of it (ablation)").rows

    assert [row[0] for row in rows] == [
        "all that shipped",
        "without one Durable Object per key",
        "without clients retry twice",
    ]
    assert [row[-1] for row in rows] == ["FIXES", "NEEDED", "adds nothing"]
    assert [tone_of(row[-1]) for row in rows] == ["good", "good", None]


def test_a_claim_shows_what_the_runtime_did_and_its_note() -> None:
    """Below the comparison that decided it."""
    rows = section("Claims of the post-mortem").rows
    told = [row[-1] for row in rows]

    assert (rows[0][1], tone_of(rows[0][1])) == ("HOLDS", "good")
    assert told[0] == "\u201cOne object does.\u201d"
    assert told[2].startswith("The real runtime (workerd ")
    assert told[3] == "Of course."


def test_the_advice_names_what_meets_the_goal_and_what_is_worse() -> None:
    """By the verdicts."""
    causes, remedies, *others = section("Answer").lines
    notes = section("What meets the goal").notes

    assert causes.startswith("Further causes, by their share: ")
    assert remedies.startswith("One of these meets the goal: ")
    assert "one Durable Object per key" in remedies
    assert any(line.startswith("one global object, input gate: all") for line in notes)
    (worse,) = (line for line in others if line.startswith("Worse than no change: "))
    assert "one global object, blocking" in worse


def test_the_page_is_the_same_each_time() -> None:
    """To the byte."""
    report = explanation_report(an_explanation())

    assert page(report) == page(report)


@pytest.mark.parametrize("form", [report_text, page])
def test_an_incident_with_nobody_in_it_is_told_too(form: object) -> None:
    """Nothing happened, so nothing follows."""
    quiet = explain(
        a_scenario("traffic.arrivals=[{kind: rate, rate: 1/min}]", "duration=1ms"),
        replications=2,
    )

    assert callable(form)
    assert "No verdict: no request arrived in any run." in form(
        explanation_report(quiet)
    )
