"""The waterfall of an attribution."""

import re

from simcoalesce.report.drawing.figure import svg_text
from simcoalesce.report.pictures.waterfall import Waterfall
from tests.unit.explain.builders import an_explanation


def test_the_waterfall_falls_from_what_was_to_what_is_left() -> None:
    """One step for each Shapley value."""
    explanation = an_explanation()
    known = explanation.attribution
    assert known is not None

    text = svg_text(Waterfall(), explanation)
    steps = re.findall(r">\u2212([\d,.]+)</text>", text)

    assert len(steps) == len(known.causes)
    assert f">{float(known.after):g}</text>" in text
