"""Measured span: the part of a run that metrics count."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import OriginRows, RequestRows, chosen


class MeasuredSpan(NamedTuple):
    """From when and until when, in nanoseconds: half-open; to the end if None."""

    from_ns: int = 0
    until_ns: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all is counted."""
        return self == ALL_OF_IT

    def requests(self, rows: RequestRows) -> RequestRows:
        """Return the requests that arrive in it."""
        return rows if self.is_whole else chosen(rows, self._holds(rows.arrived_at_ns))

    def calls(self, rows: OriginRows) -> OriginRows:
        """Return the calls that are made in it."""
        return rows if self.is_whole else chosen(rows, self._holds(rows.called_at_ns))

    def _holds(self, at_ns: NDArray[np.int64]) -> NDArray[np.bool_]:
        holds = at_ns >= self.from_ns
        return holds if self.until_ns is None else holds & (at_ns < self.until_ns)


ALL_OF_IT: Final = MeasuredSpan()
"""The whole run."""
