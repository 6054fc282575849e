"""Instants that follow from draws alone, and say how.

The traffic reads them in blocks; the compiled engine draws the same one by one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.randomness import Stream
from simcoalesce.traffic.unit_process import Instants


@dataclass
class DrawnInstants(Iterator[NDArray[np.int64]]):
    """Blocks of instants.

    Attributes:
        blocks: The blocks, which can be read once.
    """

    blocks: Instants

    @override
    def __next__(self) -> NDArray[np.int64]:
        return next(self.blocks)


@dataclass
class GridInstants(DrawnInstants):
    """Instants at equal distances, from zero on.

    Attributes:
        step_ns: The distance of two instants.
        count: How many there are; None never ends.
    """

    step_ns: Fraction
    count: int | None


@dataclass
class SpreadInstants(DrawnInstants):
    """Bursts of equal size that do not overlap.

    Attributes:
        stream: The draws: of each burst one more than it has requests.
        requests: How many requests a burst has.
        within_ns: How long it takes.
        shape: How they lie within it: ``uniform``, ``even`` or ``front_loaded``.
        step_ns: The distance of two requests of an even one.
        starts_ns: When each burst begins, at equal distances.
    """

    stream: Stream
    requests: int
    within_ns: int
    shape: str
    step_ns: Fraction
    starts_ns: Sequence[int]
