"""Size: a run that nobody can wait for is refused, a long one announced."""

import pytest

from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.size import check_size
from tests.unit.experiment.builders import a_sale

HUGE = a_sale(
    None, "traffic.arrivals[0].requests=100G", "traffic.arrivals[0].within=1s"
)


def test_what_takes_hours_is_refused_from_python_too() -> None:
    """Before the first request is made."""
    with pytest.raises(ValueError, match="would take hours"):
        replicate(HUGE)


def test_rows_that_do_not_fit_are_refused_only_if_all_are_kept() -> None:
    """Metrics need none."""
    large = a_sale(None, "traffic.arrivals[0].requests=10G")

    with pytest.raises(ValueError, match="ask for no rows"):
        check_size(large, all_rows=True)
    assert check_size(large, all_rows=False).startswith("About 10,000,000,000 requests")


def test_a_short_run_is_not_announced() -> None:
    """There is nothing to say."""
    assert check_size(a_sale(), all_rows=True) == ""
