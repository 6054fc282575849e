"""One run, as reports show it."""

from datetime import UTC, datetime

from simcoalesce.report.blocks.run_view import RunView
from tests.unit.report.builders import a_context, a_flash_sale

AT_NINE = a_context(starts_at=datetime(2026, 6, 5, 21, tzinfo=UTC))


def test_the_subtitle_says_what_part_is_shown() -> None:
    """Of which scenario, and that it is one run."""
    run = RunView(a_flash_sale(bursts=5), AT_NINE, 9)

    assert run.subtitle(run.stampede) == (
        "One product, one cold key, 21:00"
        " · stampede 1 of 5, at 21:00:00 (one run, seed 9)"
    )


def test_a_run_of_no_known_scenario_is_told_too() -> None:
    """A measured run has no seed."""
    run = RunView(a_flash_sale())

    assert run.subtitle(run.whole) == "the whole run (one run)"
