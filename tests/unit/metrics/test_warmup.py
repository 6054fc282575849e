"""Warm-up is cut where the rest is known best, and never beyond the middle."""

import numpy as np
import pytest
from numpy.typing import NDArray

from simcoalesce.metrics import mser5, warm_up_s
from simcoalesce.randomness import Stream
from tests.unit.metrics.conftest import ARun


def _noise(count: int) -> NDArray[np.float64]:
    bits = Stream(1, "test.noise").bits_of(np.arange(count))
    return bits.astype(float) / 2.0**64


def test_a_series_that_begins_high_is_cut_where_that_ends() -> None:
    """Two hundred of twenty thousand are unlike the others."""
    series = _noise(20_000)
    series[:200] += 5

    assert mser5(series) == 200


def test_a_series_without_a_trend_loses_next_to_nothing() -> None:
    """Chance may look like a beginning, but a short one."""
    cut = mser5(_noise(20_000))

    assert cut is not None
    assert cut <= 1_000


def test_a_constant_series_has_no_warm_up() -> None:
    """Nothing changes."""
    assert mser5(np.full(1_000, 5.0)) == 0


def test_a_series_that_grows_to_its_end_is_never_steady() -> None:
    """A queue that is offered more than it can do."""
    assert mser5(np.arange(5_000.0)) is None


@pytest.mark.parametrize(("count", "is_known"), [(499, False), (500, True)])
def test_a_short_series_says_nothing(count: int, *, is_known: bool) -> None:
    """A hundred means of five are the fewest."""
    assert (mser5(np.full(count, 5.0)) is not None) == is_known


def test_spikes_at_intervals_are_no_warm_up(a_run: ARun) -> None:
    """A TTL that expires five times is steady, though nothing misses at the end."""
    spikes = [{"at": i, "latency": 200 if i % 200 < 5 else 5} for i in range(1_000)]

    settled_s = warm_up_s(a_run(requests=spikes))

    assert settled_s is not None
    assert settled_s <= 5e-9


def test_errors_do_not_count(a_run: ARun) -> None:
    """A refusal is quick, and says nothing of how long an answer takes."""
    slow = [{"at": i, "latency": 9, "status": 200} for i in range(1_000)]
    quick = [{"at": i, "latency": 1, "status": 429} for i in range(1_000)]

    assert warm_up_s(a_run(requests=[*quick, *slow])) == 0.0


def test_a_rare_miss_does_not_unsettle_hits_that_take_no_time(a_run: ARun) -> None:
    """Memory answers in 0 ms; what still missed in the first half is no trend."""
    rare = [{"at": i, "latency": 120 * (i in {0, 700, 1_390})} for i in range(3_000)]

    assert warm_up_s(a_run(requests=rare)) == 0.0
