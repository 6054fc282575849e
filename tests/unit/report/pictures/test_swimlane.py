"""Swimlanes: the headline tells the waits."""

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.pictures.swimlane import Swimlane
from tests.unit.report.builders import a_flash_sale


def test_waits_are_told_by_outcome() -> None:
    """The median of each."""
    assert Swimlane().headline(RunView(a_flash_sale())) == (
        "Median wait 205 ms for 410 fetches and 5 ms for 390 cache hits"
    )
