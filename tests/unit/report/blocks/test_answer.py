"""The answer says what to do, what it costs, and on how many runs it rests."""

from simcoalesce.explain.explanation import explain
from simcoalesce.report.blocks.answer import answer_block
from tests.unit.explain.builders import a_scenario, an_explanation


def test_the_first_recommendation_has_its_effort_and_what_it_leaves() -> None:
    """Its risk, and the goal on all runs, come next."""
    text = " ".join(answer_block(an_explanation()).lines)
    first = an_explanation().recommended[0]

    assert f"First: {first.label}" in text
    assert "origin call and 0 errors" in text or "origin calls and 0 errors" in text
    assert f"What can go wrong: {first.warning}." in text
    assert "on the whole 95 % interval of 3 paired runs." in text


def test_the_answer_fits_a_glance() -> None:
    """Ten lines, whatever was found."""
    assert len(answer_block(an_explanation()).lines) <= 10


def test_further_causes_stand_with_their_shares() -> None:
    """The headline names the first one."""
    line = answer_block(an_explanation()).lines[0]

    assert line.startswith("Further causes, by their share: ")
    assert line.count("%)") == 2


def test_the_bill_is_compared_where_there_is_one() -> None:
    """With what it was."""
    sold = explain(a_scenario("month={events: 4500}"), seed=1, replications=3)

    assert " a month where it was $" in " ".join(answer_block(sold).lines)
