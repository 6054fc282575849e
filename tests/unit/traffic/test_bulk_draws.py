"""Draws in bulk are the draws one by one."""

import numpy as np
import pytest
from typing_extensions import override

from simcoalesce.distribution import Exponential, Lognormal
from simcoalesce.randomness import Stream
from simcoalesce.sampler import Quantiles, looked_up

WIDE = Lognormal.model_validate({"median": "1ms", "p99": "10d"})
SHORT = Exponential.model_validate({"exponential": "80ms"})


@pytest.mark.parametrize("distribution", [WIDE, SHORT])
def test_many_draws_are_the_same_as_single_ones(
    distribution: Lognormal | Exponential,
) -> None:
    """A bulk draw gives each request what it draws alone, also in thin tails."""
    quantiles = Quantiles(distribution.quantiles_ns(), Stream(3, "test"))
    requests = np.arange(20_000)

    actual = quantiles.draw_many(requests).tolist()

    assert actual == [quantiles.draw(request) for request in range(20_000)]


class _Bits(Stream):
    """A stream that gives chosen bits."""

    @override
    def bits(self, request: int, attempt: int = 0) -> int:
        """Return the request's number as its bits."""
        return request


@pytest.mark.parametrize("bits", [0, 1, 1 << 11, 1 << 29, 1 << 30, (1 << 64) - 1])
def test_the_ends_of_the_table_are_the_same_in_bulk(bits: int) -> None:
    """The thinnest and the thickest tail meet no other rounding in bulk."""
    table = WIDE.quantiles_ns()
    alone = Quantiles(table, _Bits(0, "test")).draw(bits)

    actual = looked_up(table, np.array([bits], dtype=np.uint64))

    assert actual.tolist() == [alone]
