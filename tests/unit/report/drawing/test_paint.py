"""The colours of all pictures."""

import pytest

from simcoalesce.report.drawing.paint import PAINTS, Paint, phase_paints
from simcoalesce.report.rows.outcome_class import OutcomeClass
from simcoalesce.report.rows.phases import Phase


@pytest.mark.parametrize("paints", [PAINTS, phase_paints(None)])
def test_no_two_things_of_a_picture_look_alike(paints: dict[int, Paint]) -> None:
    """Each has its own colour, and its own word."""
    assert len({paint.colour for paint in paints.values()}) == len(paints)
    assert len({paint.label for paint in paints.values()}) == len(paints)


def test_everything_has_a_paint() -> None:
    """Every outcome, and every phase."""
    assert PAINTS.keys() == set(OutcomeClass)
    assert phase_paints(None).keys() == set(Phase)
