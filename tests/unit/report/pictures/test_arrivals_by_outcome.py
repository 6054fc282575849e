"""Arrivals by outcome: the headline tells the miss window, and who was in it."""

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.pictures.arrivals_by_outcome import ArrivalsByOutcome
from tests.unit.report.builders import MS, a_coalesced_sale, a_flash_sale, outcomes_of


def headline(outcomes: Outcomes) -> str:
    """Return what the picture of a run shows."""
    return ArrivalsByOutcome().headline(RunView(outcomes))


def test_a_stampede_is_told_by_its_miss_window() -> None:
    """How long it was, and how many were in it."""
    assert headline(a_flash_sale()) == (
        "Miss window of 205 ms: 410 of 800 requests reach the origin"
    )


def test_coalescing_is_told_by_who_waits() -> None:
    """One goes, the others wait for it."""
    assert headline(a_coalesced_sale()) == (
        "Miss window of 209 ms: 1 of 800 requests reaches the origin; 417 wait for it"
    )


def test_refusals_are_part_of_the_headline() -> None:
    """They matter more than who waits."""
    told = headline(a_flash_sale(limit=400))

    assert told.endswith("reach the origin; it refuses 10")


def test_a_run_without_misses_has_no_miss_window() -> None:
    """Nobody reaches the origin."""
    assert headline(outcomes_of([0, MS])) == "0 of 2 requests reach the origin"
    assert headline(outcomes_of([])) == "No request arrived"
