"""The line of a sweep of one parameter: its band, its goal, and where we are."""

from dataclasses import replace
from functools import cache

import numpy as np

from simcoalesce.experiment.sweeps.sweep import simulate_points, sweep_plan
from simcoalesce.metrics.expectation import EXPECTED
from simcoalesce.report.blocks.sweep_view import SweepView, view
from simcoalesce.report.drawing.figure import figure_of
from simcoalesce.report.pictures.sweep_line import SweepLine
from simcoalesce.scenario.axis import Axis
from tests.unit.experiment.builders import a_sale
from tests.unit.report.builders import a_sweep


@cache
def a_line() -> SweepView:
    """Return a sweep of the write latency, 20, 80 and 200 ms, with three seeds."""
    swept = a_sweep("grid", axes=1, replications=3)
    return view(swept, None, EXPECTED.condition("origin_hits <= 40"))


def test_the_band_is_the_interval_at_each_value() -> None:
    """Where the interval has a width, and nowhere else."""
    ax = figure_of(SweepLine(), a_line()).axes[0]
    drawn = np.asarray(ax.collections[0].get_paths()[0].vertices, dtype=np.float64)
    known = [a_line().estimate(index) for index in a_line().indices]
    ends = {end for one in known if one for end in (one.low, one.high)}

    assert ends <= {float(y) for y in drawn[:, 1]}


def test_the_goal_and_the_present_setting_are_lines() -> None:
    """At 40 calls and at 80 ms."""
    ax = figure_of(SweepLine(), a_line()).axes[0]
    lines = {str(one.get_label()): one for one in ax.lines}
    goal = lines["goal: origin_hits <= 40"].get_ydata()
    now = lines["◆ the scenario as it is: 80ms"].get_xdata()

    assert [*np.ravel(goal)] == [40, 40]
    assert [*np.ravel(now)] == [80_000_000, 80_000_000]


def test_a_full_marker_meets_the_goal() -> None:
    """As the whole interval at the two lower latencies does, and at 200 ms none."""
    ax = figure_of(SweepLine(), a_line()).axes[0]
    full = [one.get_markerfacecolor() for one in ax.lines if one.get_marker() == "o"]

    assert [face != "white" for face in full] == [True, True, False]


def test_words_have_no_line_between_them() -> None:
    """And nothing is marked that is on no axis."""
    axis = Axis.parse("path=[kv.read, origin],[kv.read, single_flight, origin]")
    swept = simulate_points(sweep_plan(a_sale(), [axis], replications=1))
    ax = figure_of(SweepLine(), replace(view(swept, None, None), goal=None)).axes[0]

    assert {one.get_linestyle() for one in ax.lines} == {"None"}


def test_a_chart_of_it_has_the_means_their_intervals_and_the_goal() -> None:
    """At the values of the table, in their order."""
    (chart,) = SweepLine().series(a_line())
    mean, goal = chart["panel"]["lines"]
    known = [a_line().estimate(index) for index in a_line().indices]

    assert chart["view"]["names"] == ["20ms", "80ms", "200ms"]
    assert mean["values"] == [one.mean for one in known if one]
    assert all(
        low <= value <= high
        for low, value, high in zip(
            mean["low"], mean["values"], mean["high"], strict=True
        )
    )
    assert goal["values"] == [40.0] * 3
