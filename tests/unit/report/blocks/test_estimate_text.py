"""Estimates as people read them."""

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.report.blocks.estimate_text import known_text


def test_a_mean_stands_before_its_interval() -> None:
    """In the metric's own unit, money and seconds alike."""
    assert known_text(Estimate(404, 19, 397, 411, 30, "1"), "1") == "404 [397 to 411]"
    assert known_text(Estimate(0.2, 0.01, 0.19, 0.21, 30, "s"), "s") == (
        "200 ms [190 ms to 210 ms]"
    )


def test_an_interval_without_width_is_not_shown() -> None:
    """All runs agree, or there is only one."""
    assert known_text(Estimate(5, 0, 5, 5, 30, "1"), "1") == "5"
    assert known_text(Estimate(5, None, None, None, 1, "1"), "1") == "5"


def test_a_number_that_no_run_has_is_a_dash() -> None:
    """It is not zero."""
    assert known_text(Estimate(None, None, None, None, 0, "s"), "s") == "-"


def test_no_interval_of_a_count_goes_below_zero() -> None:
    """Less than nothing cannot be counted."""
    assert known_text(Estimate(0.5, 1, -0.2, 1.2, 9, "1"), "1") == "0.5 [0 to 1.2]"
