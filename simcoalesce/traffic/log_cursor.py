"""Log cursor: reads a recording chunk by chunk, beside the traffic that it is in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcoalesce.traffic.key_index import codes_of
from simcoalesce.traffic.recording import NOT_LOGGED, Recording


@dataclass(frozen=True, slots=True)
class LogColumns:
    """What a log says of some rows of a chunk; `NOT_LOGGED` where it says nothing."""

    rows: NDArray[np.intp]
    key: NDArray[np.int64]
    location: NDArray[np.int64]
    isolate: NDArray[np.int64]
    storable: NDArray[np.bool_] | None = None


class LogCursor:
    """Reads a recording from its start to its end, once."""

    def __init__(
        self,
        phase: int,
        recording: Recording,
        keys: tuple[str, ...],
        locations: tuple[str, ...],
    ) -> None:
        self._phase = phase
        self._recording = recording
        self._key_codes = codes_of(recording.keys, keys)
        self._location_codes = codes_of(recording.locations, locations)
        storable = recording.storable
        self._storable = None if storable is None or storable.all() else storable
        self._read = 0

    def next_rows(self, phase: NDArray[np.int32]) -> LogColumns:
        """Return what the log says of its requests among the next ones of the traffic.

        Args:
            phase: The phase of each request, shape (n,).
        """
        rows = np.flatnonzero(phase == self._phase)
        span = slice(self._read, self._read + len(rows))
        self._read += len(rows)
        return LogColumns(
            rows=rows,
            key=_coded(self._recording.key[span], self._key_codes),
            location=_coded(self._recording.location[span], self._location_codes),
            isolate=_coded(self._recording.isolate[span], None),
            storable=None if self._storable is None else self._storable[span],
        )


def _coded(
    logged: NDArray[np.int32], codes: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    column = logged.astype(np.int64)
    if codes is None or not len(codes):
        return column
    return np.where(column == NOT_LOGGED, NOT_LOGGED, codes[column])


def overwrite(
    column: NDArray[np.int64], rows: NDArray[np.intp], logged: NDArray[np.int64]
) -> None:
    """Put what a log says into a column, where it says something."""
    known = logged != NOT_LOGGED
    column[rows[known]] = logged[known]
