"""The tornado of a sweep: the parameter that moves the metric most, and its marks."""

from dataclasses import replace
from functools import cache

import numpy as np

from simcoalesce.report.blocks.sweep_view import SweepView, view
from simcoalesce.report.drawing.figure import figure_of
from simcoalesce.report.pictures.tornado import Tornado
from tests.unit.report.builders import a_sweep


@cache
def one_at_a_time() -> SweepView:
    """Return a sweep of the write latency and the latency of the origin."""
    return view(a_sweep("oat"), None, None)


def test_the_headline_names_the_parameter_that_moves_most() -> None:
    """From its least to its greatest mean; or says that none does."""
    unmoved = replace(one_at_a_time(), metric="requests", goal=None)

    told = Tornado().headline(one_at_a_time())
    assert told == "kv.write_latency moves origin_hits most: from 18 to 46"
    assert Tornado().headline(unmoved) == "No parameter moves requests"


def test_the_ends_of_a_bar_say_where_and_what() -> None:
    """The longest bar first."""
    ax = figure_of(Tornado(), one_at_a_time()).axes[0]

    told = [one.get_text() for one in ax.texts[:4]]
    assert told == ["20ms: 18", "200ms: 46", "60ms: 18", "120ms: 29"]


def test_lines_are_at_the_scenario_as_it_is_and_at_the_goal() -> None:
    """The goal's only if there is one."""
    marked, unmarked = (
        {str(one.get_label()): np.ravel(one.get_xydata())[0] for one in ax.lines}
        for shown in (one_at_a_time(), replace(one_at_a_time(), goal=None))
        for ax in figure_of(Tornado(), shown).axes[:1]
    )

    assert marked == {"the scenario as it is: 29": 29, "goal: origin_hits <= 10": 10}
    assert [*unmarked] == ["the scenario as it is: 29"]
