"""A measured run beside its prediction."""

from typing import Any

from simcoalesce.report.blocks.measurement import measurement_report
from simcoalesce.report.blocks.report import Report
from simcoalesce.report.html.page import page
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


def a_report(**changes: Any) -> Report:
    """Return the report of a run with one line that was compared."""
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
    return measurement_report(
        Measurement(scenario, RUN, [line | changes], a_flash_sale())
    )


def test_predicted_and_measured_stand_side_by_side() -> None:
    """With what would agree, and the verdict."""
    (row,) = a_report().blocks[0].rows

    assert row == ("✓", "origin_hits", "404", "403", "406", "394 to 414")


def test_the_headline_says_what_differs() -> None:
    """By name."""
    unlike = a_report(verdict="differs")

    assert a_report().headline.endswith("The prediction agrees on all 1 line.")
    assert unlike.headline.endswith("differs on 1 of 1 line: origin_hits.")
    assert unlike.blocks[0].rows[0][0] == "✗"


def test_the_headline_says_why_lines_say_nothing() -> None:
    """And what would tell more."""
    said = {"verdict": "says nothing", "says_nothing_because": "machine"}
    vague = a_report(**said)
    by_chance = a_report(**said | {"says_nothing_because": "chance"})

    assert vague.headline.endswith(
        "0 of 1 line agree, 1 says nothing: this machine is busy (round trip 0.6 ms);"
        " try a quieter machine."
    )
    assert "chance alone moves them as much" in by_chance.headline
    assert vague.blocks[0].rows[0][0] == "?"


def test_several_runs_show_from_where_to_where_they_lie() -> None:
    """Beside their mean."""
    runs = [{"measured": 401.0, "verdict": "agrees"}, {"measured": 411.0}]

    (row,) = a_report(repeats=runs).blocks[0].rows

    assert row[4] == "406 (401 to 411)"


def test_what_it_was_run_on_stands_under_the_title() -> None:
    """Runtime, seed and scale; and what the host adds, in real time."""
    report = a_report()
    (note,) = report.blocks[0].notes

    assert report.subtitle.endswith("measured on workerd 1 · seed 9 · time scale 10")
    assert "a round trip takes 0.6 ms; timers fire 0.5 ms late" in note


def test_the_pictures_are_of_what_was_measured() -> None:
    """The same pictures, since the tables are the same."""
    assert page(a_report()).count("<figure>") == 6
