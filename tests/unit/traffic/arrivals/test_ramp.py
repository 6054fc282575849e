"""Ramps."""

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

InstantsOf = Callable[..., NDArray[np.int64]]


def test_a_ramp_from_zero_has_a_quarter_in_its_first_half(
    instants_of: InstantsOf,
) -> None:
    """From 0/s to 20k/s in 10 s: 100,000 requests, a quarter of them before 5 s."""
    instants = instants_of({"kind": "ramp", "from": "0/s", "to": "20k/s", "for": "10s"})
    early = int((instants < 5 * 10**9).sum())

    # 4 standard errors of Poisson counts.
    assert abs(len(instants) - 100_000) < 4 * sqrt(100_000)
    assert abs(early - 25_000) < 4 * sqrt(25_000)


def test_a_ramp_of_nothing_is_refused(instants_of: InstantsOf) -> None:
    """From zero to zero is not a ramp."""
    with pytest.raises(ValidationError, match="both zero"):
        instants_of({"kind": "ramp", "from": "0/s", "to": "0/s", "for": "1s"})
