"""Rate curves: hand-computed instants."""

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.traffic.rate_curve import ArrivalRate, ArrivalRateOrZero, RateCurve

S = 10**9


def test_a_constant_rate_spaces_arrivals_evenly() -> None:
    """At 2/s the area reaches 1 after half a second."""
    curve = RateCurve([(2 * S, 2, 2)])

    assert curve.instants_ns(np.array([0.0, 1.0, 3.0])).tolist() == [
        0,
        S // 2,
        3 * S // 2,
    ]


def test_a_ramp_follows_a_square_root() -> None:
    """From 0/s to 2/s in 1 s the area is t^2: it reaches 1/4 at 0.5 s."""
    curve = RateCurve([(S, 0, 2)])

    assert curve.instants_ns(np.array([0.0, 0.25, 0.81])).tolist() == [
        *(0, S // 2, 9 * S // 10)
    ]


def test_a_falling_rate_slows_down() -> None:
    """From 2/s to 0/s in 1 s the area is 2t - t^2: it reaches 3/4 at 0.5 s."""
    curve = RateCurve([(S, 2, 0)])

    assert curve.instants_ns(np.array([0.75])).tolist() == [S // 2]


def test_the_area_before_an_instant_is_known() -> None:
    """From 0/s to 2/s in 1 s, then 1/s: a quarter at 0.5 s, and no more at the end."""
    curve = RateCurve([(S, 0, 2), (S, 1, 1)])

    assert [curve.requests_until(one * S) for one in (0, 0.5, 1, 1.5, 9)] == [
        *(0, 0.25, 1, 1.5, 2)
    ]


def test_pieces_follow_each_other() -> None:
    """After 1 s at 4/s and 1 s of silence the next comes in the third piece."""
    curve = RateCurve([(S, 4, 4), (S, 0, 0), (S, 1, 1)], start_ns=5.0 * S)

    assert curve.instants_ns(np.array([2.0, 4.5])).tolist() == [
        *(5_500_000_000, 7_500_000_000)
    ]


def test_no_arrival_reaches_the_end() -> None:
    """Intervals are half-open, whatever rounding does."""
    curve = RateCurve([(S, 2, 0)])

    assert curve.instants_ns(np.array([curve.requests])).tolist() == [S - 1]


@pytest.mark.parametrize("written", ["0/s", "0 / s", "0.0/min"])
def test_a_base_rate_may_be_zero(written: str) -> None:
    """Where no traffic is meaningful, a zero rate is read."""
    assert TypeAdapter(ArrivalRateOrZero).validate_python(written) == 0


@pytest.mark.parametrize("written", ["0/s", "-1/s", "2G/s", 5])
def test_impossible_rates_are_refused(written: object) -> None:
    """Zero, negative, absurd and unitless rates are errors."""
    with pytest.raises(ValidationError):
        TypeAdapter(ArrivalRate).validate_python(written)
