"""The alias method: one of n weighted things in constant time, whatever n."""

import numpy as np
from numpy.typing import NDArray


class AliasTable:
    """Draws indices in proportion to their weights.

    The square of n cells of equal height holds all the weight: a cell belongs to its
    own index up to a threshold and to its alias above it. Weights are rounded to
    2^-53 of their sum; all the rest is exact.

    Source:
        Walker, ACM TOMS 3 (1977); filled in one sweep over light and heavy indices as
        in Hübschle-Schneider and Sanders, "Parallel weighted random sampling", 2019,
        section 4.1, here with prefix sums.
    """

    __slots__ = ("alias", "threshold")

    def __init__(self, weights: NDArray[np.float64]) -> None:
        height = 1 << (53 - len(weights).bit_length())
        share = _whole_shares(weights, height * len(weights))
        self.alias = np.arange(len(weights))
        kept = np.full(len(weights), height, dtype=np.int64)
        light, heavy = np.flatnonzero(share < height), np.flatnonzero(share >= height)
        if len(light):
            lack = height - share[light]
            lacks = np.cumsum(lack)
            spares = np.cumsum(share[heavy] - height)
            kept[light] = share[light]
            # The heavy index that still has weight to spare when a light one comes.
            self.alias[light] = heavy[np.searchsorted(spares, lacks - lack, "right")]
            self.alias[heavy[:-1]] = heavy[1:]
            kept[heavy] -= _overdrawn(lacks, lack, spares)
        self.threshold = kept / height

    def __len__(self) -> int:
        """Return how many indices there are."""
        return len(self.alias)

    def choose(self, uniforms: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return an index for each number in [0, 1), shape (n,)."""
        if len(self) == 1:
            return np.zeros(len(uniforms), dtype=np.int64)
        scaled: NDArray[np.float64] = uniforms * len(self.alias)
        cell = scaled.astype(np.int64)
        scaled -= cell
        is_alias = scaled >= self.threshold.take(cell)
        np.copyto(cell, self.alias.take(cell), where=is_alias)
        return cell


def _whole_shares(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    upto = np.cumsum(weights)
    bounds = np.rint(upto / upto[-1] * total).astype(np.int64)
    shares: NDArray[np.int64] = np.diff(bounds, prepend=0)
    return shares


def _overdrawn(
    lacks: NDArray[np.int64], lack: NDArray[np.int64], spares: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return what each heavy index gave beyond its own surplus to its last light one.

    It is then light itself, and the next heavy index makes up for it.
    """
    last = np.searchsorted(lacks, spares, side="right")
    ends = np.append(lacks, lacks[-1])[last]
    begins = np.append(lacks - lack, lacks[-1])[last]
    return np.where(begins < spares, ends - spares, 0)
