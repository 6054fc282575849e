"""The heat map of a grid: what its headline counts, and what is marked."""

from dataclasses import replace
from functools import cache

import numpy as np

from simcoalesce.report.blocks.sweep_view import SweepView, view
from simcoalesce.report.drawing.figure import figure_of
from simcoalesce.report.pictures.heat_map import HeatMap
from tests.unit.report.builders import a_sweep


@cache
def a_grid() -> SweepView:
    """Return three write latencies, down, by two latencies of the origin."""
    return view(a_sweep("grid"), None, None)


def test_the_headline_counts_the_points_that_meet_the_goal() -> None:
    """Without a goal it says what is shown."""
    without = replace(a_grid(), goal=None)

    told = HeatMap().headline(a_grid())
    assert told == "1 of 6 points meets origin_hits <= 10 (from expect:)"
    assert HeatMap().headline(without) == (
        "origin_hits over kv.write_latency and origin.latency"
    )


def test_the_scenario_as_it_is_has_the_diamond() -> None:
    """Only it: 80 ms to write and 120 ms to answer; each field has its number."""
    ax = figure_of(HeatMap(), a_grid()).axes[0]
    fields = {one.get_position(): one.get_text() for one in ax.texts[:6]}

    assert fields[1.5, 1.5] == f"◆ {a_grid().text(3)}"
    assert sum("◆" in text for text in fields.values()) == 1
    assert "◆ the scenario as it is" in HeatMap().subtitle(a_grid())


def test_a_line_is_around_what_meets_the_goal() -> None:
    """The four sides of the one field, and none without a goal."""
    lines = figure_of(HeatMap(), a_grid()).axes[0].lines
    sides = sorted(np.ravel(one.get_xydata()).tolist() for one in lines)

    assert sides == [[0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 1, 1], [1, 0, 1, 1]]
    assert not figure_of(HeatMap(), replace(a_grid(), goal=None)).axes[0].lines
