"""What comes densely is found, and what chance makes dense is not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from simcoalesce.explain.timeline.dense_intervals import dense_intervals
from tests.builders import MS, S, poisson


def found(at_ns: NDArray[np.int64], until_ns: int) -> list[tuple[int, int]]:
    """Return the first and the last instant of each dense interval."""
    intervals = dense_intervals(at_ns, (0, until_ns))
    return [(int(at_ns[first]), int(at_ns[last])) for first, last in intervals]


def every(gap_ns: int, from_ns: int, until_ns: int) -> NDArray[np.int64]:
    """Return evenly spaced instants."""
    return np.arange(from_ns, until_ns, gap_ns)


def test_even_instants_have_no_dense_interval() -> None:
    """They are as dense as usual everywhere."""
    assert found(every(10 * MS, 0, 100 * S), 100 * S) == []


@pytest.mark.parametrize("rate_per_s", [1, 30, 1_000])
def test_chance_makes_no_dense_interval(rate_per_s: int) -> None:
    """Of Poisson arrivals, in twenty runs of each rate."""
    for seed in range(20):
        at_ns = poisson(30 * rate_per_s, rate_per_s, seed=seed).arrived_at_ns

        assert found(at_ns, int(at_ns[-1])) == []


def test_a_burst_is_found_from_its_first_to_its_last() -> None:
    """A hundred in a second, on one in a second."""
    burst = every(10 * MS, 40 * S, 41 * S)
    at_ns = np.sort(np.append(every(S, 500 * MS, 100 * S), burst))

    assert found(at_ns, 100 * S) == [(40 * S, 40 * S + 990 * MS)]


def test_bursts_without_anything_between_are_several() -> None:
    """However many instants each has."""
    one = every(5 * MS, 0, 5 * S)
    at_ns = np.concatenate([one, one + 300 * S, one + 600 * S])

    assert found(at_ns, 660 * S) == [
        (start * S, start * S + 4_995 * MS) for start in (0, 300, 600)
    ]


def test_a_level_that_rises_for_good_is_dense_from_then_on() -> None:
    """Ten times as many from two thirds of the time on."""
    at_ns = np.append(every(100 * MS, 0, 60 * S), every(10 * MS, 60 * S, 90 * S))

    assert found(at_ns, 90 * S) == [(60 * S, 90 * S - 10 * MS)]


def test_what_grows_slowly_is_not_dense() -> None:
    """Its end is no three times what is before it."""
    at_ns = (np.sqrt(np.arange(10_000) / 10_000) * 100 * S).astype(np.int64)

    assert found(at_ns, 100 * S) == []


def test_few_instants_and_no_time_have_none() -> None:
    """Nine in an instant are too few."""
    assert found(np.zeros(9, dtype=np.int64), 100 * S) == []
    assert found(np.zeros(99, dtype=np.int64), 0) == []


def test_very_many_instants_are_taken_together() -> None:
    """The ends of a burst are then as exact as twenty instants are."""
    burst = every(S // 50_000, 500 * S, 502 * S)
    at_ns = np.sort(np.append(every(S, 0, 1_000 * S), burst))
    ((first_ns, last_ns),) = found(at_ns, 1_000 * S)

    assert abs(first_ns - 500 * S) <= 20 * S
    assert abs(last_ns - 502 * S) <= 20 * S
