"""Small parts of a scenario."""

import pytest

from simcoalesce.scenario.part import Month, Worker
from simcoalesce.units import NS_PER_S


def test_events_are_runs() -> None:
    """So many times."""
    assert Month.model_validate({"events": "20k"}).runs(60 * NS_PER_S) == 20_000


def test_hours_are_divided_by_the_length_of_a_run() -> None:
    """300 hours of five minutes each are 3,600 runs."""
    assert Month.model_validate({"hours": 300}).runs(300 * NS_PER_S) == 3_600


@pytest.mark.parametrize("month", [{}, {"events": 1, "hours": 1}, {"hours": 745}])
def test_what_is_no_month(month: dict[str, int]) -> None:
    """One of the two, and no more hours than a month has."""
    with pytest.raises(ValueError, match=r"Month"):
        Month.model_validate(month)


def test_the_rest_of_a_month_is_told_by_units_of_usage() -> None:
    """A unit that there is not is refused, with the nearest."""
    month = Month.model_validate({"events": 1, "base": {"worker_requests": "18M"}})

    assert month.base == {"worker_requests": 18_000_000}
    with pytest.raises(ValueError, match="kv_raeds"):
        Month.model_validate({"events": 1, "base": {"kv_raeds": "18M"}})


@pytest.mark.parametrize(
    "rule",
    [{"cold_start": "5ms"}, {"idle_after": "30s"}, {"isolate_lifetime": "5m"}],
)
def test_isolates_stay_unless_a_worker_says_otherwise(rule: dict[str, str]) -> None:
    """A start that takes no time, of isolates that are never evicted, is none."""
    assert Worker.model_validate({"cold_start": "0ms"}).keeps_isolates
    assert not Worker.model_validate(rule).keeps_isolates
    assert Worker().starts_warm
    assert not Worker.model_validate(rule).starts_warm
    assert Worker.model_validate({**rule, "initial": "all"}).starts_warm


def test_a_worker_takes_a_millisecond() -> None:
    """Unless it is said."""
    assert Worker().cpu_ns == 1_000_000
