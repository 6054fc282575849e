"""The page of a measured run."""

import re
from typing import Any

from simcoalesce.report.html.measurement_page import measurement_page
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.shipped import shipped
from simcoalesce.validation.measurement import Measurement
from tests.unit.report.builders import a_flash_sale

RUN = {
    "runtime": "workerd 1",
    "scenario": "flash-sale-9pm@naive",
    "seed": 9,
    "time_scale": 10,
    "round_trip_s": 0.00006,
    "timer_lag_s": 0.00005,
    "request_cpu_s": 0.00001,
}


def a_page(**changes: Any) -> str:
    """Return the page of a run with one line that was compared."""
    line = {
        "metric": "origin_hits",
        "unit": "1",
        "predicted": 404.0,
        "predicted_with_host_latency": 403.2,
        "agrees_within": [394.0, 414.0],
        "measured": 406.0,
        "verdict": "agrees",
    }
    scenario = Scenario.load(shipped("flash-sale-9pm"), "naive")
    return measurement_page(
        Measurement(scenario, RUN, [line | changes], a_flash_sale())
    )


def test_predicted_and_measured_stand_side_by_side() -> None:
    """With what would agree, and the verdict."""
    cells = re.findall(r"<td[^>]*>(?:<span[^>]*>)?([^<]*)", a_page())

    assert cells[:6] == ["✓", "origin_hits", "404", "403", "406", "394 to 414"]


def test_the_first_sentence_says_what_differs() -> None:
    """By name."""
    assert "The prediction agrees on all 1 line." in a_page()
    assert "differs on 1 of 1 line: origin_hits." in a_page(verdict="differs")


def test_what_it_was_run_on_stands_under_the_title() -> None:
    """Runtime, seed and scale, and the machine in real time."""
    page = a_page()

    assert "measured on workerd 1 · seed 9 · time scale 10" in page
    assert "a round trip takes 0.6 ms" in page


def test_the_charts_are_of_what_was_measured() -> None:
    """The same charts, since the tables are the same."""
    assert a_page().count("<figure>") == 4
