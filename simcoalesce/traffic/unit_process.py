"""The Poisson process of rate one: all random instants are made from it.

Its gaps are whole multiples of 2^-24 of the mean gap, so that their sums are exact
in any order and a chunk does not depend on where the one before it was cut.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simcoalesce.distribution import Exponential
from simcoalesce.randomness import Stream
from simcoalesce.sampler import looked_up

Instants: TypeAlias = Iterator[NDArray[np.int64]]
"""Blocks of instants in nanoseconds, in ascending order over all blocks."""

TICKS: Final = 1 << 24
"""So many are the mean gap."""
_FIRST_BLOCK: Final = 1_024
_BLOCK: Final = 32_768


@lru_cache(maxsize=1)
def gap_ticks() -> NDArray[np.int64]:
    """Return the quantiles of the gaps of a Poisson process, in ticks."""
    return Exponential.model_validate({"exponential": f"{TICKS}ns"}).quantiles_ns()


def blocks_of(count: int | None) -> Iterator[tuple[int, int]]:
    """Cut ``range(count)`` into blocks (first, end); None never ends.

    Blocks begin small, so that a short run does not draw what it will not use.
    """
    first, size = 0, _FIRST_BLOCK
    while count is None or first < count:
        end = first + size if count is None else min(first + size, count)
        yield first, end
        first, size = end, min(2 * size, _BLOCK)


def _gaps(stream: Stream, first: int, end: int) -> NDArray[np.int64]:
    return looked_up(gap_ticks(), stream.bits_of(np.arange(first, end)))


def unit_arrivals(stream: Stream) -> Iterator[NDArray[np.float64]]:
    """Yield the arrivals of a Poisson process of rate one, in mean gaps, for ever."""
    ticks = 0
    for first, end in blocks_of(None):
        arrivals = np.cumsum(_gaps(stream, first, end))
        arrivals += ticks
        ticks = int(arrivals[-1])
        yield arrivals / TICKS


def ordered_uniforms(
    stream: Stream, first_draw: int, count: int
) -> Iterator[NDArray[np.float64]]:
    """Yield `count` uniform numbers in [0, 1] in ascending order, in blocks.

    The first n arrivals of a Poisson process, divided by the one after them, are
    distributed as n uniform numbers in order; nothing is sorted, and no more than a
    block is kept.

    Args:
        stream: The draws.
        first_draw: The number of the first of ``count + 1`` draws.
        count: How many numbers.

    Source:
        Devroye, "Non-Uniform Random Variate Generation", 1986, section V.2.
    """
    if count < _BLOCK:
        arrivals = np.cumsum(_gaps(stream, first_draw, first_draw + count + 1))
        yield arrivals[:-1] / max(int(arrivals[-1]), 1)
        return
    total = sum(
        int(_gaps(stream, first_draw + first, first_draw + end).sum())
        for first, end in blocks_of(count + 1)
    )
    ticks = 0
    for first, end in blocks_of(count):
        arrivals = np.cumsum(_gaps(stream, first_draw + first, first_draw + end))
        arrivals += ticks
        ticks = int(arrivals[-1])
        yield arrivals / max(total, 1)
