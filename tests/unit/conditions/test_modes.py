"""Numbers in groups that are far from each other are told as groups."""

import numpy as np
import pytest

from simcoalesce.conditions.modes import modes_of
from simcoalesce.randomness import Stream


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        ([0.1, 0.12, 0.11, 0.1, 301.0], [4, 1]),
        ([301.2, 0.12, 0.09, 301.1, 0.1], [3, 2]),
        ([0.1, 0.1, 301.0], [2, 1]),
        ([0.1] * 20 + [301.0] * 8 + [602.0] * 2, [20, 8, 2]),
        ([0.0, 0.0, 0.0, 60.0], [3, 1]),
        ([0.1, 301.0], []),
        ([0.1, 301.0, 602.0], []),
        ([1.0, 2.0, 4.0, 8.0, 16.0], []),
        ([3.0, 3.0, 4.0], []),
        ([300.0, 301.0, 300.5, 330.0], []),
        ([5.0] * 10, []),
        ([0.0] * 10, []),
        ([], []),
    ],
)
def test_a_gap_parts_groups_if_it_is_larger_than_all_within_them(
    values: list[float], groups: list[int]
) -> None:
    """Two numbers tell of no spread, and a tenth more matters to nobody."""
    assert [mode.runs for mode in modes_of(values)] == groups


def test_the_mean_of_a_group_is_its_own() -> None:
    """And they are in the order of time."""
    late, early = [301.0, 303.0, 302.0], [0.1, 0.3, 0.2]

    assert [mode.mean for mode in modes_of(late + early)] == [pytest.approx(0.2), 302.0]


@pytest.mark.parametrize("runs", [3, 5, 10, 30])
def test_numbers_of_one_distribution_are_one_group(runs: int) -> None:
    """Of exponential ones fewer than one sample of a hundred has a gap so large."""
    bits = Stream(1, "test.modes").bits_of(np.arange(1_000 * runs))
    uniform = (bits.astype(float) + 1) / 2.0**64
    samples = -np.log(uniform).reshape(1_000, runs)

    assert sum(bool(modes_of(sample.tolist())) for sample in samples) < 10 + 4 * 3
