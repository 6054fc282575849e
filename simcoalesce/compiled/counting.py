"""Counting: finished requests and calls become a tally."""

from collections.abc import Sequence

import numpy as np

from simcoalesce.compiled.chunk import Finished
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.tally_kernel import count
from simcoalesce.metrics.tally import Tally
from simcoalesce.outcomes import OriginRows


class Counting:
    """A tally, and the compiled way to fill it.

    Attributes:
        tally: The counts so far.
    """

    def __init__(self, *, keys: int, locations: int) -> None:
        """Begin to count."""
        self.tally = Tally(keys=keys, locations=locations)
        self._keys = keys

    def add(self, parts: Sequence[Finished]) -> None:
        """Count requests and calls.

        Args:
            parts: What is finished in each part of the keys, up to the same instant.
        """
        calls = np.concatenate([self.add_requests(part) for part in parts])
        if len(parts) > 1:
            calls = calls[np.argsort(calls[:, 2], kind="stable")]
        self.tally.calls.add(OriginRows(*calls.T))

    def add_requests(self, part: Finished) -> Row:
        """Count requests; return the calls that came with them."""
        counts, windows = self.tally.counts, self.tally.windows.open
        waits = np.empty(len(part.rows), dtype=np.int64)
        answered = count(
            *(counts, windows, self._keys),
            *(part.arrivals, part.rows, waits, len(part.rows)),
        )
        self.tally.answered.add(waits[:answered])
        self.tally.failed.add(waits[answered:])
        return part.calls
