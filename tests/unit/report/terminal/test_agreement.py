"""The table of an agreement."""

from dataclasses import replace

import pytest

from simcoalesce.experiment.estimate import Estimate
from simcoalesce.report.terminal.agreement import agreement_text
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.shipped import shipped
from simcoalesce.validation.agreement import Line
from simcoalesce.validation.host_latency import HostLatency
from simcoalesce.validation.measure import MeasuredRun
from tests.builders import a_path, an_origin, at_ms, simulated

LINE = Line("origin_hits", 404, Estimate(403, 1, 402, 404, 20, "1"), 406, 394, 414)


@pytest.fixture(scope="module")
def observation() -> MeasuredRun:
    """A run of one request."""
    outcomes = simulated(a_path(an_origin()), at_ms(0))
    host_latency = HostLatency(((0, 60_000),), ((0, 50_000),), 8_000)
    return MeasuredRun(outcomes, at_ms(0), (), 10, host_latency)


def text(observation: MeasuredRun, *lines: Line) -> str:
    """Return the table of some lines."""
    scenario = Scenario.load(shipped("flash-sale-9pm"), "naive")
    return agreement_text(scenario, observation, lines, runtime="workerd 1")


def test_a_line_shows_both_numbers_and_its_verdict(observation: MeasuredRun) -> None:
    """Predicted, measured, and what would agree."""
    assert "✓ origin_hits         404               403        406" in text(
        observation, LINE
    )


def test_the_last_line_counts_what_differs(observation: MeasuredRun) -> None:
    """The verdict of the whole."""
    unlike = replace(LINE, measured=800)

    assert text(observation, LINE, unlike).endswith("1 of 2 lines differs.")
    assert text(observation, LINE).endswith("The line agrees.")


def test_the_host_latency_is_told_in_real_time(observation: MeasuredRun) -> None:
    """A round trip of 0.06 ms at scale 10 is one of 0.6 ms."""
    assert "a round trip takes 0.6 ms" in text(observation, LINE)


def test_the_heading_says_what_would_repeat_the_run(observation: MeasuredRun) -> None:
    """Scenario, runtime, seed and scale."""
    heading = text(observation, LINE).splitlines()[0]

    assert heading == "flash-sale-9pm@naive on workerd 1, seed 9, time scale 10"
