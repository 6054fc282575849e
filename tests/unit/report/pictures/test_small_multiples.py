"""Small multiples."""

import pytest

from simcoalesce.explain import explanation as explanation_module
from simcoalesce.report.drawing.figure import svg_text
from simcoalesce.report.pictures.small_multiples import SmallMultiples
from tests.unit.explain.builders import an_explanation


def test_there_is_a_panel_for_the_incident_and_for_each_change() -> None:
    """All of the same seed."""
    explanation = an_explanation()
    text = svg_text(SmallMultiples(), explanation)
    labels = ["as it happened", *(one.label for one in explanation.counterfactuals)]

    assert SmallMultiples().subtitle(explanation).startswith("one run, seed 1")
    assert all(f">{label}</text>" in text for label in labels)


def test_a_picture_reads_runs_and_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The explanation simulates each change once, however often it is drawn."""
    explanation = an_explanation()
    runs = explanation.changed_outcomes
    monkeypatch.delattr(explanation_module, "run")

    assert len(runs) == len(explanation.counterfactuals)
    assert svg_text(SmallMultiples(), explanation)
    assert explanation.changed_outcomes is runs
