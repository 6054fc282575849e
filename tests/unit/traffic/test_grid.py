"""Even instants are exact."""

from fractions import Fraction

import numpy as np
import pytest

from simcoalesce.traffic.grid import instants_at_rate, instants_on_grid


def test_instants_do_not_drift() -> None:
    """The 900,000th instant of a third of a nanosecond is where arithmetic puts it."""
    instants = np.concatenate(list(instants_on_grid(Fraction(1, 3), 900_000)))

    assert instants.tolist() == [i // 3 for i in range(900_000)]


@pytest.mark.parametrize(
    ("rate_per_s", "expected"),
    [
        (2.0, [0, 500_000_000]),
        (3.0, [0, 333_333_333, 666_666_666]),
        (1.1, [0, 909_090_909]),
        (0.5, [0]),
    ],
)
def test_a_rate_is_taken_as_written(rate_per_s: float, expected: list[int]) -> None:
    """Requests of an even rate come at i / rate, rounded down, below the end."""
    instants = np.concatenate(list(instants_at_rate(rate_per_s, 10**9)))

    assert instants.tolist() == expected
