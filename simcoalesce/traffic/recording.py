"""What a log says of its requests, beyond when they came."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NOT_LOGGED = -1
"""Marks an entry for which the log names no key, location or isolate."""


@dataclass(frozen=True)
class Recording:
    """The entries of a log in order of time, one array per column, shape (n,).

    Attributes:
        name: The file, as it was written.
        at_ns: Instants; those of wall clocks count from the first entry.
        key: Index into `keys` for each entry, or `NOT_LOGGED`.
        location: Index into `locations` for each entry, or `NOT_LOGGED`.
        isolate: Number of the isolate within its location, or `NOT_LOGGED`.
        keys: Names of the keys in order of their first mention.
        locations: Names of the locations in order of their first mention.
        stamp_ns: How coarse the time stamps are: one second for a web server's log.
        warnings: What could not be read, or was taken for granted.
        storable: Whether a store or a flight may answer each request; None: all.
        began_ns: When it begins on the wall clock, since 1970; None without one.
        no_verdict: Why nothing follows from it; empty if something does.
    """

    name: str
    at_ns: NDArray[np.int64]
    key: NDArray[np.int32]
    location: NDArray[np.int32]
    isolate: NDArray[np.int32]
    keys: tuple[str, ...]
    locations: tuple[str, ...]
    stamp_ns: int
    warnings: tuple[str, ...]
    storable: NDArray[np.bool_] | None = None
    no_verdict: str = ""
    began_ns: int | None = None

    def __len__(self) -> int:
        return len(self.at_ns)
