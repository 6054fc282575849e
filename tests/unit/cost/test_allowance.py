"""Allowances are used up before anything is paid."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.cost.allowance import beyond
from simcoalesce.cost.price_list import PriceLine


def _line(period: str, included: int) -> PriceLine:
    return PriceLine.model_validate(
        {
            "unit": "kv_reads",
            "title": "KV reads",
            "price": "not for sale",
            "included": included,
            "period": period,
            "source": "a page",
            "read_on": "2026-11-23",
        }
    )


def _beyond(line: PriceLine, used: float, events: float, **more: float) -> float:
    rest = {name: Fraction(amount) for name, amount in more.items()}
    exact = {"requests": Fraction(0), **rest}
    return float(beyond(line, used=Fraction(used), events=Fraction(events), **exact))


@pytest.mark.parametrize(("events", "expected"), [(1, 0), (10, 0), (11, 100)])
def test_a_monthly_allowance_is_for_all_events(events: int, expected: int) -> None:
    """Ten events of a hundred use up a thousand."""
    assert _beyond(_line("month", 1_000), used=100, events=events) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [(1, 50), (30, 30 * 50), (31, 29 * 50 + 200), (45, 15 * 50 + 15 * 200), (1.5, 50)],
)
def test_a_daily_allowance_meets_whole_events(events: float, expected: float) -> None:
    """One event a month meets the allowance of one day, not of thirty."""
    assert _beyond(_line("day", 100), used=150, events=events) == expected


def test_an_allowance_per_request_grows_with_the_requests() -> None:
    """Ten for each of 800 requests, in each of two events."""
    line = _line("request", 10)

    assert _beyond(line, used=9_000, events=2, requests=1_600) == 2_000


def test_the_rest_of_the_month_takes_of_an_allowance_first() -> None:
    """Of a thousand, 800 are gone: of three times a hundred, 100 are to be paid."""
    assert _beyond(_line("month", 1_000), used=100, events=3, base=800) == 100


def test_the_rest_of_the_month_is_spread_over_its_days() -> None:
    """3,000 are 100 a day, of 150; the two days with an event of 70 exceed it by 20."""
    assert _beyond(_line("day", 150), used=70, events=2, base=3_000) == 2 * 20


@given(
    st.sampled_from(["day", "month"]),
    st.floats(0, 1e4),
    st.floats(0, 100),
    st.floats(0, 10),
)
def test_more_events_never_leave_less_to_pay(
    period: str, used: float, events: float, more: float
) -> None:
    """The excess is monotone in how often the run happens."""
    line = _line(period, 1_000)

    assert _beyond(line, used, events) <= _beyond(line, used, events + more)
