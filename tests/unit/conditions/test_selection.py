"""Selections say which part of the requests a metric is of."""

from datetime import datetime

import pytest

from simcoalesce.conditions.parser import Vocabulary
from simcoalesce.conditions.selection import Period, Selection, selection_of
from tests.unit.conditions.builders import EXPECTED, UNITS

BY = {
    "errors": frozenset(("key", "location", "time")),
    "hit_ratio": frozenset(("key", "location")),
}
PARTS = Vocabulary(UNITS, "errors == 0", selectable=BY)
AT_NINE = datetime.fromisoformat("2026-06-05T21:00:30+09:00")


def a_period(written: str) -> Period:
    """Return the time of a selection."""
    time = selection_of(f"errors[{written}]").time
    assert time is not None
    return time


def test_a_selected_metric_is_a_name_with_the_unit_of_its_metric() -> None:
    """However many spaces there are."""
    (one,) = PARTS.condition("errors[ location = icn,3m .. 5m ] <= 5").statements

    assert one.subject.metric == "errors[location=icn, 3m..5m]"
    assert one.unit == "1"
    assert selection_of(one.subject.metric).location == "icn"


def test_a_name_without_a_selection_stays_as_it_is() -> None:
    """And both can stand in one expression."""
    condition = PARTS.condition("errors[key=sale] / errors <= 5%")

    assert condition.names == ("errors[key=sale]", "errors")
    assert selection_of("errors[key=sale]") == Selection(key="sale")


@pytest.mark.parametrize(
    ("written", "begin_s", "end_s"),
    [
        ("20s..1m", 20, 60),
        ("20s..", 20, None),
        ("..90s", 0, 90),
        ("21:01..21:02:10", 30, 100),
        ("21:00:30..21:01", 0, 30),
    ],
)
def test_a_time_is_from_zero_on_or_of_the_wall_clock(
    written: str, begin_s: int, end_s: int | None
) -> None:
    """The clock shows 21:00:30 at t = 0."""
    end_ns = None if end_s is None else end_s * 10**9

    found = a_period(written).within_ns(100 * 10**9, AT_NINE)

    assert found == (begin_s * 10**9, end_ns)


def test_a_clock_goes_on_behind_midnight() -> None:
    """At 23:59 the run begins; 00:01 is two minutes later."""
    late = datetime.fromisoformat("2026-06-05T23:59:00+09:00")

    found = a_period("00:00..00:01").within_ns(300 * 10**9, late)

    assert found == (60 * 10**9, 120 * 10**9)


@pytest.mark.parametrize(
    ("written", "starts_at", "told"),
    [
        ("3m..5m", None, "3m..5m is not within the .* of the run"),
        ("20s..2m", None, "not within"),
        ("20s..10s", None, "ends before it begins"),
        ("21:00..21:02", None, "needs starts_at"),
        ("21:00..21:01", AT_NINE, "not within"),
    ],
)
def test_a_time_outside_of_the_run_is_refused(
    written: str, starts_at: datetime | None, told: str
) -> None:
    """21:00 comes 23 h 59 min 30 s after 21:00:30."""
    with pytest.raises(ValueError, match=told):
        a_period(written).within_ns(100 * 10**9, starts_at)


@pytest.mark.parametrize(
    ("vocabulary", "written", "told"),
    [
        (PARTS, "errors[location=icn < 5", 'a "]" is missing'),
        (PARTS, "errors[] < 5", "selects nothing"),
        (PARTS, "errors[icn] < 5", '"icn" selects nothing; write e.g. [location=icn]'),
        (PARTS, "errors[colour=red] < 5", "selects nothing"),
        (PARTS, "errors[key=a, key=b] < 5", "key stands there twice"),
        (PARTS, "errors[time=3m] < 5", "is no time; write e.g. 3m..5m"),
        (PARTS, "errors[3..5] < 5", "3"),
        (PARTS, "hit_ratio[1s..2s] < 5%", "hit_ratio is not known by time"),
        (PARTS, "cost_usd[key=a] < 5 USD", "cost_usd is not known by key"),
        (EXPECTED, "errors[key=a] < 5", "errors is not known by key"),
    ],
)
def test_what_selects_nothing_is_refused_at_its_position(
    vocabulary: Vocabulary, written: str, told: str
) -> None:
    """Behind the name of the metric."""
    at = written.index("[") + 1
    with pytest.raises(ValueError, match=f"character {at}: ") as error:
        vocabulary.condition(written)

    assert told in str(error.value)
