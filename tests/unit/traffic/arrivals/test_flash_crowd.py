"""Flash traffic."""

from collections.abc import Callable
from math import exp, sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

InstantsOf = Callable[..., NDArray[np.int64]]
TRAFFIC: dict[str, Any] = {
    "kind": "flash_crowd",
    "base": "100/s",
    "peak": "10100/s",
    "rise": "2s",
    "hold": "1s",
    "decay": "3s",
}


@pytest.mark.parametrize(
    ("start_s", "end_s", "expected"),
    [
        (0, 2, 2 * 5_100),
        (2, 3, 10_100),
        (3, 6, 300 + 30_000 * (1 - exp(-1))),
        (40, 60, 2_000),
    ],
)
def test_each_part_brings_its_requests(
    instants_of: InstantsOf, start_s: int, end_s: int, expected: float
) -> None:
    """The rise averages half the peak, the decay loses 63 % of it, the base stays."""
    instants = instants_of(TRAFFIC) / 10**9
    actual = ((instants >= start_s) & (instants < end_s)).sum()

    # 4 standard errors of a Poisson count; the straight pieces are 0.01 % off.
    assert abs(actual - expected) < 4 * sqrt(expected) + expected * 1e-4


def test_a_flash_crowd_without_a_base_ends(instants_of: InstantsOf) -> None:
    """Ten time constants after the peak nobody comes any more."""
    instants = instants_of(TRAFFIC | {"base": "0/s"})

    assert instants[-1] < 33 * 10**9


def test_a_peak_below_the_base_is_refused(instants_of: InstantsOf) -> None:
    """A traffic is more than there was before."""
    with pytest.raises(ValidationError, match="peak is not above base"):
        instants_of(TRAFFIC | {"base": "10100/s"})
