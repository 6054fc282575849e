"""What meets the goal is told with what it takes, or why nothing does."""

from dataclasses import replace

import pytest

from simcoalesce.explain.counterfactuals.floor import Floor
from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.recommendation import (
    floor_text,
    recommendation_blocks,
    what_to_do,
)
from tests.unit.explain.builders import an_explanation


def blocks(explanation: Explanation) -> dict[str, list[list[str]]]:
    """Return the rows of each block by its first word."""
    made = recommendation_blocks(explanation)
    return {one.title.split()[0]: [[*row] for row in one.rows] for one in made}


def test_each_change_that_meets_the_goal_is_a_row() -> None:
    """With its effort and what becomes of it under double the traffic."""
    explanation = an_explanation()
    rows = blocks(explanation)["What"]

    assert len(rows) == len(explanation.recommended)
    assert ["one Durable Object per key", "component"] in [row[:2] for row in rows]
    assert rows[0][-1] == "meets it too"


def test_a_threshold_says_what_it_is_worth() -> None:
    """The verdict at that setting; what is out of reach is a sentence, and no row."""
    _, block = recommendation_blocks(an_explanation())
    met = [one for one in an_explanation().thresholds if one.meets]

    assert [row[0] for row in block.rows] == [one.label for one in met]
    assert all(row[-1] in {"fixes", "hides", "worse"} for row in block.rows)
    assert block.notes[0].startswith("Out of reach at any setting: ")


def test_a_change_at_its_threshold_is_named_with_the_setting() -> None:
    """Else nobody knows how far to go."""
    explanation = an_explanation()
    first = replace(
        explanation.recommended[0],
        label="push spread out",
        setting="a burst within 18s",
        is_at_threshold=True,
    )
    told = what_to_do(replace(explanation, recommended=(first,)))

    assert told == "One of these meets the goal: push spread out (a burst within 18 s)."


def test_where_nothing_meets_the_goal_the_floor_is_told() -> None:
    """How many calls are left of one run, whatever is cached."""
    told = what_to_do(replace(an_explanation(), recommended=()))

    assert told == (
        "Nothing that was tried meets the goal. Even a perfect cache leaves 1 call, and"
        " the origin takes it (limit 60, per 60s)."
    )


def test_what_only_hides_is_told_as_that() -> None:
    """It is an alternative, if nothing fixes."""
    explanation = an_explanation()
    only = replace(explanation.recommended[0], label="four times", verdict="hides")
    told = what_to_do(replace(explanation, recommended=(only,)))

    assert told.startswith("Nothing fixes it. ")
    assert "four times" in told


@pytest.mark.parametrize(
    ("floor", "told"),
    [
        (Floor(900, 60, "limit 60, per 1m", -1), "calls, and the origin takes 60 ("),
        (Floor(900, 900, "", -1), "leaves 900 calls."),
    ],
    ids=["beyond the limit", "no limit"],
)
def test_the_floor_stands_against_the_limit(floor: Floor, told: str) -> None:
    """What the limit refuses, no cache spares."""
    assert told in floor_text(floor)
