"""Calls: what came before a chunk is remembered as long as it matters."""

import numpy as np
import pytest

from simcoalesce.metrics.calls import Calls
from simcoalesce.outcomes import OriginRows
from simcoalesce.units import NS_PER_S


def a_call(at_s: float, lasts_s: float = 0.1, status: int = 200) -> OriginRows:
    """Return one call."""
    at_ns, lasts_ns = round(at_s * NS_PER_S), round(lasts_s * NS_PER_S)
    columns = (0, 0, at_ns, at_ns + lasts_ns, status, 0)
    return OriginRows(*(np.array([column], dtype=np.int64) for column in columns))


def added(*calls: OriginRows) -> Calls:
    """Return calls that were added one by one."""
    total = Calls()
    for call in calls:
        total.add(call)
    return total


@pytest.mark.parametrize(("apart_s", "peak"), [(0.7, 2), (0.999, 2), (1.0, 1)])
def test_a_busy_second_may_lie_in_two_chunks(apart_s: float, peak: int) -> None:
    """It is half-open: what is a second apart does not fall into one."""
    assert added(a_call(5), a_call(5 + apart_s)).per_s.most == peak


@pytest.mark.parametrize(("lasts_s", "peak"), [(3.0, 3), (2.0, 2), (1.0, 1)])
def test_calls_of_earlier_chunks_are_open_until_they_end(
    lasts_s: float, peak: int
) -> None:
    """Three calls a second apart: half-open, so at its end a call is not open."""
    calls = [a_call(at_s, lasts_s) for at_s in (0, 1, 2)]

    assert added(*calls).peak_concurrency == peak


def test_the_first_refusal_stays_the_first() -> None:
    """Whatever later chunks bring."""
    total = added(a_call(1), a_call(2, status=429), a_call(3, status=429))

    assert total.first_rejected_at_ns == 2 * NS_PER_S
