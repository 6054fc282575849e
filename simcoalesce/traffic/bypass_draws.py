"""Bypass draws: which requests no store and no flight may answer, as POSTs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcoalesce.randomness import Stream


@dataclass(frozen=True)
class BypassDraws:
    """Draws which requests of each phase bypass all stores, in a stream of its own.

    Attributes:
        seed: Of the run.
        ratios: Of each phase, the share of such requests.
    """

    seed: int
    ratios: Sequence[float]

    def storable(
        self, requests: NDArray[np.int64], phase: NDArray[np.int32]
    ) -> NDArray[np.bool_] | None:
        """Return which requests may be answered from a store; None if all may.

        Args:
            requests: Their ids, shape (n,).
            phase: The number of the phase of each, shape (n,).
        """
        if not any(self.ratios):
            return None
        drawn = Stream(self.seed, "traffic.bypass").uniforms(requests)
        return drawn >= np.array(self.ratios)[phase]
