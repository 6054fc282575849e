"""What fit reads of a log."""

from collections.abc import Mapping
from typing import Any, Protocol

from numpy.typing import NDArray


class FittedLog(Protocol):
    """The columns of a log in the order of the requests' starts, shape (n,) each."""

    @property
    def at_ns(self) -> NDArray[Any]:
        """Starts, in nanoseconds since 1970 or since the start of the run."""

    @property
    def is_wall_clock(self) -> bool:
        """Whether they count from 1970."""

    @property
    def fields(self) -> Mapping[str, str]:
        """What each standard field was read from: ``{"host": "$host"}``."""
