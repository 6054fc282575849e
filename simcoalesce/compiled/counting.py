"""Counting: finished requests and calls become a tally."""

from collections.abc import Sequence

import numpy as np

from simcoalesce.compiled.chunk import Finished
from simcoalesce.compiled.layout import ARRIVES_AT
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.tally_kernel import count
from simcoalesce.metrics.tally import Tally
from simcoalesce.outcomes import OriginRows


class Counting:
    """A tally, and the compiled way to fill it.

    Attributes:
        tally: The counts so far.
    """

    def __init__(self, *, keys: int, locations: int, window_ns: int) -> None:
        """Begin to count, as `Tally` does."""
        self.tally = Tally(keys=keys, locations=locations, window_ns=window_ns)
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
        many, tally = len(part.rows), self.tally
        if many:
            tally.seconds.reach(int(part.arrivals[-1, ARRIVES_AT]))
        waits, ages = np.empty(many, dtype=np.int64), np.empty(1 + many, dtype=np.int64)
        answered = count(
            *(tally.counts, tally.windows.open, self._keys),
            *(part.arrivals, part.rows, waits, ages),
            *(tally.seconds.rows, tally.seconds.width_ns, many),
        )
        tally.answered.add(waits[:answered])
        tally.failed.add(waits[answered:])
        tally.ages.add(ages[1 : 1 + ages[0]])
        return part.calls
