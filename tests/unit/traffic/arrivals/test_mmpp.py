"""Markov-modulated traffic."""

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

InstantsOf = Callable[..., NDArray[np.int64]]
TURNS: dict[str, Any] = {
    "kind": "mmpp",
    "quiet": "100/s",
    "busy": "1100/s",
    "quiet_for": "300ms",
    "busy_for": "100ms",
}


def test_the_mean_rate_is_weighted_by_the_stays(instants_of: InstantsOf) -> None:
    """A quarter of the time busy: 0.75 * 100 + 0.25 * 1100 = 350/s.

    The variance of the count over t is t * (mean + 2 * d^2 * p * q / (1/a + 1/b)) with
    the difference d of the rates, shares p, q and mean stays a, b.
    """
    seconds = 300
    instants = instants_of(TURNS)

    swing = 2 * 1_000**2 * 0.75 * 0.25 / (1 / 0.3 + 1 / 0.1)
    # 4 standard errors of the count.
    assert abs(len(instants) - 350 * seconds) < 4 * sqrt(seconds * (350 + swing))


def test_it_comes_in_clumps(instants_of: InstantsOf) -> None:
    """Counts per 100 ms vary far more than Poisson counts of the same mean."""
    counts = np.bincount(instants_of(TURNS) // 100_000_000, minlength=3_000)

    assert counts.var() > 10 * counts.mean()


def test_it_may_stop_early(instants_of: InstantsOf) -> None:
    """With for: 2s nothing comes after two seconds."""
    assert instants_of(TURNS | {"for": "2s"})[-1] < 2 * 10**9


def test_busy_must_be_above_quiet(instants_of: InstantsOf) -> None:
    """Otherwise the words are the wrong way round."""
    with pytest.raises(ValidationError, match="busy is not above quiet"):
        instants_of(TURNS | {"quiet": "2k/s"})
