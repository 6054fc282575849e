"""The closed form beside the run."""

from simcoalesce.report.drawing.figure import svg_text
from simcoalesce.report.pictures.closed_form import ClosedFormPicture
from tests.unit.explain.builders import an_explanation


def test_the_prediction_is_drawn_next_to_the_run() -> None:
    """Dashed, and named."""
    text = svg_text(ClosedFormPicture(), an_explanation())

    assert "stroke-dasharray" in text
    assert ">predicted  101</text>" in text
    assert ClosedFormPicture().headline(an_explanation()).startswith("101 calls pre")
