"""Charts of all pictures: as many values as positions, and each of them a number."""

import json
from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.sweep_view import view
from simcoalesce.report.picture import pictures_of
from tests.unit.experiment.builders import a_comparison
from tests.unit.explain.builders import an_explanation
from tests.unit.report.builders import a_flash_sale, a_sweep

SUBJECTS: dict[str, Callable[[], object]] = {
    "run": lambda: RunView(a_flash_sale(bursts=2, limit=300)),
    "explanation": an_explanation,
    "line": lambda: view(a_sweep("grid", axes=1), None, None),
    "tornado": lambda: view(a_sweep("oat"), None, None),
    "comparison": lambda: a_comparison(metrics=["errors", "origin_hits"]),
}
CHARTS = {"run": 3, "explanation": 3, "line": 1, "tornado": 1, "comparison": 1}


def layers(chart: dict[str, Any]) -> Any:
    """Return bars, lines and points of a view."""
    panel = chart["panel"]
    kinds = ("bars", "lines", "points")
    return chain.from_iterable(panel.get(kind, ()) for kind in kinds)


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_chart_has_a_value_at_each_position(name: str) -> None:
    """Or none there; positions grow, and JSON has no other numbers."""
    subject = SUBJECTS[name]()
    charts = [one.series(subject) for one in pictures_of(subject).values()]
    views = [dict(one) for one in chain.from_iterable(charts)]

    assert sum(map(bool, charts)) == CHARTS[name]
    assert json.dumps(views, allow_nan=False)
    for shown in (one for one in views if "panel" in one):
        x = shown["panel"]["x"]
        assert x == sorted(x)
        assert {len(layer["values"]) for layer in layers(shown)} == {len(x)}
