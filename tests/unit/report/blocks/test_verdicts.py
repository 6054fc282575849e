"""Expectations and what became of them."""

from simcoalesce.report.blocks.verdicts import verdict_lines
from tests.unit.report.builders import a_flash_sale, a_result


def lines_of(*expect: str | dict[str, str]) -> list[str]:
    """Return the lines of some expectations about two runs of 800 and 780 requests."""
    result = a_result(a_flash_sale(), a_flash_sale(780), expect=expect)
    return verdict_lines(result.expectations)


def test_what_is_met_stands_in_one_line() -> None:
    """Nobody has to read it."""
    assert lines_of("errors == 0", "origin_hits >= 10") == [
        "expect  ✓ errors == 0 · origin_hits >= 10"
    ]


def test_what_is_not_met_shows_what_was_observed() -> None:
    """With the interval that decided."""
    (line,) = lines_of("latency_p99_s < 100ms")

    assert line == "expect  ✗ latency_p99_s < 100ms   205 ms"


def test_a_warning_gives_its_reason() -> None:
    """It does not fail the run, and says why it is there."""
    expected = {"that": "stale_served > 0", "level": "warn", "because": "swr is on"}

    assert lines_of(expected) == ["expect  ! stale_served > 0   0   swr is on"]


def test_what_cannot_be_decided_says_what_would() -> None:
    """The limit lies within the interval."""
    (line,) = lines_of("requests <= 791")

    assert line.startswith("expect  ? requests <= 791   790 [663 to 917]   the limit")
    assert "runs would decide" in line


def test_without_expectations_there_are_no_lines() -> None:
    """Nothing was expected."""
    assert lines_of() == []
