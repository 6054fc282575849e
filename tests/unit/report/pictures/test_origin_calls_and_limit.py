"""Origin calls and limit: the headline tells the first refusal."""

from datetime import UTC, datetime

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.pictures.origin_calls_and_limit import OriginCallsAndLimit
from tests.unit.report.builders import a_context, a_flash_sale

AT_NINE = a_context(starts_at=datetime(2026, 6, 5, 21, tzinfo=UTC))


def test_the_origin_is_told_by_its_first_refusal() -> None:
    """When it was, and what it had taken before."""
    run = RunView(a_flash_sale(bursts=5, limit=1_200), AT_NINE)

    assert OriginCallsAndLimit().headline(run) == (
        "The origin gets 2,830 calls and refuses 1,630 (58 %):"
        " the first at 21:02:00, after 1,200 accepted"
    )
