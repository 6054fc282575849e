"""Samplers: draws of durations for requests, from tables of quantiles or recordings."""

from collections.abc import Sequence
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from simcoalesce.randomness import Stream

CELLS: Final = 128
"""Cells of a table for each halving of the tail."""
HALVINGS: Final = 34
"""Halvings of the tail; the table ends at a tail of 2^-34."""
_LOWEST: Final = (53 - HALVINGS) * CELLS


class Sampler(Protocol):
    """Draws durations for requests."""

    constant_ns: int | None
    """The duration, if it is always the same."""

    def draw(self, request: int, attempt: int = 0) -> int:
        """Return the duration of a request's attempt, in nanoseconds."""


class Quantiles:
    """Draws from a table of quantiles."""

    __slots__ = ("cells", "constant_ns", "stream", "table")

    def __init__(self, table: NDArray[np.int64], stream: Stream) -> None:
        self.table = table
        # Quantiles do not rise along the table: equal ends are one value.
        is_constant = table[0] == table[-1]
        self.constant_ns: int | None = int(table[0]) if is_constant else None
        self.cells: list[int] = [] if is_constant else table.tolist()
        self.stream = stream

    def draw(self, request: int, attempt: int = 0) -> int:
        """Return the duration of a request's attempt, in nanoseconds."""
        if self.constant_ns is not None:
            return self.constant_ns
        tail = (self.stream.bits(request, attempt) >> 11) | 1
        octave = tail.bit_length() - 1
        mantissa = (tail << (53 - octave)) & 0x1FFFFFFFFFFFFF
        cell = (octave << 7) + (mantissa >> 46) - _LOWEST
        if cell < 0:
            return self.cells[0]
        upper, lower = self.cells[cell], self.cells[cell + 1]
        return upper + ((lower - upper) * ((mantissa >> 26) & 0xFFFFF) >> 20)

    def draw_many(self, requests: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the durations of many requests, equal to `draw` one by one.

        Args:
            requests: Request ids, shape (n,).

        Returns:
            Nanoseconds, shape (n,).
        """
        if self.constant_ns is not None:
            return np.full(len(requests), self.constant_ns, dtype=np.int64)
        return looked_up(self.table, self.stream.bits_of(requests))


def looked_up(table: NDArray[np.int64], bits: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return what a table of quantiles holds for each 64 random bits, shape (n,)."""
    tail = bits >> np.uint64(11)
    tail |= np.uint64(1)
    # A float has what the table wants: the octave, then 7 bits, then 20 bits.
    pattern = tail.astype(np.float64).view(np.int64)
    cell = pattern >> 45
    cell -= (1023 << 7) + _LOWEST
    within = np.right_shift(pattern, 25, out=pattern)
    within &= 0xFFFFF
    if cell.min(initial=0) < 0:
        within[cell < 0] = 0
        np.maximum(cell, 0, out=cell)
    upper: NDArray[np.int64] = table.take(cell)
    cell += 1
    step = table.take(cell, out=cell)
    step -= upper
    # In two halves, since a product of 52 and 20 bits does not fit in 64.
    low = step & 0xFFFFF
    low *= within
    low >>= 20
    step >>= 20
    step *= within
    upper += low
    upper += step
    return upper


def mixed(
    tables: Sequence[NDArray[np.int64]],
    shares: Sequence[float],
    tails: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the quantiles of a mixture from those of its parts.

    Args:
        tables: The quantiles of each part, in nanoseconds, shape (n,).
        shares: The share of each part; they sum to 1.
        tails: The tail probability of each entry, ascending, shape (n,).

    Returns:
        Nanoseconds, shape (n,). Where parts leave a gap, the cell of the table that
        reaches over it is a straight line as all others: less than 1 % of the draws.
    """
    points = np.unique(np.concatenate(tables))
    above: NDArray[np.float64] = np.zeros((len(points), 2))
    for table, share in zip(tables, shares, strict=True):
        at_least = _tail(table, tails, points, "left")
        more = _tail(table, tails, points, "right")
        above += share * np.column_stack([at_least, more])
    values = np.repeat(points, 2).astype(np.float64)
    return np.interp(tails, above.ravel()[::-1], values[::-1])


def _tail(
    table: NDArray[np.int64],
    tails: NDArray[np.float64],
    points: NDArray[np.int64],
    side: Literal["left", "right"],
) -> NDArray[np.float64]:
    """Return P(X >= point), or P(X > point) on the right side, by a table."""
    values, of = table[::-1], tails[::-1]
    high = np.searchsorted(values, points, side)
    low = np.clip(high - 1, 0, len(values) - 1)
    up = np.clip(high, 0, len(values) - 1)
    width = np.maximum(values[up] - values[low], 1)
    within = np.clip((points - values[low]) / width, 0, 1)
    tail: NDArray[np.float64] = of[low] + within * (of[up] - of[low])
    tail[high == 0] = 1.0
    tail[high == len(values)] = 0.0
    return tail


class Recorded:
    """Gives recorded durations in their order, and starts again at the end."""

    __slots__ = ("constant_ns", "given", "recorded_ns")

    def __init__(self, recorded_ns: list[int]) -> None:
        self.recorded_ns = recorded_ns
        self.given = 0
        self.constant_ns: int | None = None

    def draw(self, request: int, attempt: int = 0) -> int:  # noqa: ARG002 - a Sampler
        """Return the next recorded duration, in nanoseconds."""
        self.given += 1
        return self.recorded_ns[(self.given - 1) % len(self.recorded_ns)]
