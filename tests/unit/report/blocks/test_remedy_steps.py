"""Settings of remedies: those that were simulated, and no others."""

from simcoalesce.report.blocks.number_format import spaced_units
from simcoalesce.report.blocks.remedy_steps import steps_block
from tests.unit.explain.builders import an_explanation


def test_the_setting_that_meets_the_goal_is_among_those_that_were_simulated() -> None:
    """With the verdict of all seeds, and the next weaker one if it was tried."""
    (block,) = steps_block(an_explanation())
    thresholds = {
        (one.label, spaced_units(one.meets))
        for one in an_explanation().thresholds
        if one.meets and len(one.simulated) > 1
    }
    met = {(row[0], row[1]) for row in block.rows if row[6] == "met"}

    assert block.has_steps
    assert thresholds
    assert thresholds <= met
