"""A run as a few lines of blocks."""

from datetime import UTC, datetime

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.terminal.sparkline import timeline
from tests.unit.report.builders import (
    S,
    a_coalesced_sale,
    a_context,
    a_flash_sale,
    outcomes_of,
)

AT_NINE = a_context(starts_at=datetime(2026, 6, 5, 21, tzinfo=UTC))


def test_one_burst_is_shown_from_end_to_end() -> None:
    """Twenty requests in each column of 10 ms; a call comes 5 ms after."""
    scale = "                0         100       200       300       400 ms"

    assert timeline(RunView(a_flash_sale(), None, 9)) == [
        "  the whole run (one run, seed 9)",
        f"  arrivals      {'█' * 40}    800",
        f"  origin calls  ▄{'█' * 20}{' ' * 20}   410",
        f"  cache hits    {' ' * 20}▄{'█' * 19}    390",
        f"{scale}   (one column: 10 ms)",
    ]


def test_one_call_is_seen_among_hundreds() -> None:
    """Whatever is above zero has a block."""
    calls = timeline(RunView(a_coalesced_sale()))[2]

    assert calls.startswith("  origin calls  ▁ ")
    assert calls.endswith("   1")


def test_of_several_bursts_one_is_shown_and_named() -> None:
    """With what it is of the whole."""
    lines = timeline(RunView(a_flash_sale(bursts=5, limit=1_200), AT_NINE, 9))

    assert lines[0] == "  stampede 1 of 4, at 21:00:00 (one run, seed 9)"
    assert lines[1].endswith("   800 of 4,000")
    assert lines[3].endswith("   0 of 1,630 \u00d7")


def test_a_long_run_has_the_clock_below() -> None:
    """Every twenty columns."""
    outcomes = outcomes_of(range(0, 300 * S, S))

    assert timeline(RunView(outcomes, AT_NINE))[-1] == (
        "                21:00:00            21:03:20   (one column: 10 s)"
    )


def test_a_run_without_requests_has_no_timeline() -> None:
    """No line rather than empty ones."""
    assert timeline(RunView(outcomes_of([]))) == []
