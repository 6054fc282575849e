"""A measured run on a terminal."""

from dataclasses import replace

import pytest

from simcoalesce.experiment.estimate import Estimate
from simcoalesce.report.terminal.measurement import measurement_text
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.shipped import shipped
from simcoalesce.validation.agreement import Line
from simcoalesce.validation.host_latency import HostLatency
from simcoalesce.validation.measure import MeasuredRun
from simcoalesce.validation.validate import Validation
from tests.builders import a_path, an_origin, at_ms, simulated

LINE = Line("origin_hits", 404, Estimate(403, 1, 402, 404, 20, "1"), 406, 394, 414)


@pytest.fixture(scope="module")
def measured_run() -> MeasuredRun:
    """A run of one request."""
    outcomes = simulated(a_path(an_origin()), at_ms(0))
    host_latency = HostLatency(((0, 60_000),), ((0, 50_000),), 8_000)
    return MeasuredRun(outcomes, at_ms(0), (), 10, host_latency)


def text(measured_run: MeasuredRun, *lines: Line) -> str:
    """Return the table of some lines."""
    scenario = Scenario.load(shipped("flash-sale-9pm"), "naive")
    found = Validation(scenario, "workerd 1", measured_run, lines)
    return measurement_text(found.document())


def test_a_line_shows_both_numbers_and_its_verdict(measured_run: MeasuredRun) -> None:
    """Predicted, measured, and what would agree."""
    row = "  ✓  origin_hits        404              403       406     394 to 414"

    assert row in text(measured_run, LINE).splitlines()


def test_the_last_line_counts_what_differs(measured_run: MeasuredRun) -> None:
    """The verdict of the whole."""
    unlike = replace(LINE, measured=800)

    told = text(measured_run, LINE, unlike)

    assert told.endswith("The prediction differs on 1 of 2 lines: origin_hits.")
    assert text(measured_run, LINE).endswith("The prediction agrees on all 1 line.")


def test_the_host_latency_is_told_in_real_time(measured_run: MeasuredRun) -> None:
    """A round trip of 0.06 ms at scale 10 is one of 0.6 ms."""
    assert "a round trip takes 0.6 ms" in text(measured_run, LINE)


def test_the_heading_says_what_would_repeat_the_run(measured_run: MeasuredRun) -> None:
    """Scenario, runtime, seed and scale."""
    heading = text(measured_run, LINE).splitlines()[0]

    assert heading == "flash-sale-9pm@naive on workerd 1, seed 9, time scale 10"
