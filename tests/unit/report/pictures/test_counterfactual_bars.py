"""Bars of what each change leaves."""

from simcoalesce.report.drawing.figure import svg_text
from simcoalesce.report.pictures.counterfactual_bars import CounterfactualBars
from tests.unit.explain.builders import an_explanation


def test_there_is_a_bar_for_the_incident_and_for_each_change() -> None:
    """The incident first."""
    explanation = an_explanation()
    text = svg_text(CounterfactualBars(), explanation)
    labels = ["as it happened", *(one.label for one in explanation.counterfactuals)]

    shown = [text.index(f">{label}</text>") for label in labels]
    assert shown == sorted(shown)
