"""The time axis of a picture."""

from datetime import UTC, datetime

from matplotlib.figure import Figure

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.drawing.time_axis import TimeAxis
from tests.unit.report.builders import MS, S, a_context, a_flash_sale, outcomes_of

AT_NINE = a_context(starts_at=datetime(2026, 6, 5, 21, tzinfo=UTC))


def test_a_short_run_is_in_ms_from_the_start() -> None:
    """And says when that was, if it is known."""
    run = RunView(a_flash_sale())
    at_nine = RunView(run.outcomes, AT_NINE)

    assert TimeAxis.of(run, run.whole).label == "ms from the start"
    assert TimeAxis.of(at_nine, run.whole).label == "ms from the start, 21:00:00"


def test_a_zoom_counts_from_the_first_miss() -> None:
    """The window opens at zero."""
    run = RunView(a_flash_sale(bursts=5), AT_NINE)
    axis = TimeAxis.of(run, run.stampede)

    assert axis.label == "ms after the first miss, at 21:00:00.000"
    assert axis.at(205 * MS) == 205.0


def test_a_long_run_shows_the_clock_at_round_minutes() -> None:
    """Ticks lie on the clock, not on the run's own seconds."""
    run = RunView(outcomes_of([7 * S, 247 * S]), AT_NINE)
    ax = Figure().add_subplot()

    TimeAxis.of(run, run.whole).apply(ax)

    assert [t.get_text() for t in ax.get_xticklabels()] == [
        "21:01",
        "21:02",
        "21:03",
        "21:04",
    ]


def test_without_a_clock_the_unit_grows_with_the_run() -> None:
    """Seconds, minutes, hours."""
    runs = [RunView(outcomes_of([0, end_s * S])) for end_s in (60, 3_600, 100_000)]
    labels = [TimeAxis.of(run, run.whole).label for run in runs]

    assert labels == ["s from the start", "min from the start", "h from the start"]
