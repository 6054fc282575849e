"""How coarse stamps are."""

import numpy as np
import pytest

from simcoalesce.logs.stamps import stamp_of, stamp_of_log

S = 10**9
NOON_S = 1_780_660_800


@pytest.mark.parametrize(
    ("instants", "expected"),
    [
        ([NOON_S * S + 1], 1),
        ([NOON_S * S, NOON_S * S + 250_000_000], 10_000_000),
        ([NOON_S * S, (NOON_S + 7) * S], S),
        ([NOON_S * S + i * 60 * S for i in range(9)], 60 * S),
        ([NOON_S * S, (NOON_S + 60) * S], S),
        ([0, S, 2 * S], 1),
        ([0, S, 2 * S, 2 * S], S),
        ([0, 0, 0], 1),
    ],
)
def test_stamps_tell_how_coarse_they_are(instants: list[int], expected: int) -> None:
    """Two whole minutes may be chance; counts from a start may be meant as they are."""
    at_ns = np.array(instants)

    assert stamp_of_log(at_ns, stamp_of(at_ns), is_wall_clock=True) == expected
