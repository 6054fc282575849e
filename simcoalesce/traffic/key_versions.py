"""Key versions: names of keys that change in mid-run, as versioned URLs do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from simcoalesce.request import Requests
from simcoalesce.run_bounds import MOST_NAMES


class KeyVersions:
    """The keys under all of their names, and which one a request asks for when."""

    def __init__(self, keys: tuple[str, ...], new_at_ns: Sequence[int]) -> None:
        """Name the versions.

        Args:
            keys: Names of the keys.
            new_at_ns: When each further version begins, in nanoseconds.

        Raises:
            ValueError: If there are more names than memory holds.
        """
        names = len(keys) * (len(new_at_ns) + 1)
        if new_at_ns and names > MOST_NAMES:
            raise ValueError(
                f"new_key_version_at: the versions of all keys have {names:,} names, at"
                f" most {MOST_NAMES:,}; write fewer instants, or fewer keys"
            )
        self._keys = len(keys)
        self._new_at_ns = np.sort(np.array(new_at_ns, dtype=np.int64))
        later = (
            f"{key}?v={version}"
            for version in range(2, len(new_at_ns) + 2)
            for key in keys
        )
        self.names = (*keys, *later) if new_at_ns else keys

    def applied(self, chunks: Iterable[Requests]) -> Iterator[Requests]:
        """Yield requests with the version of their keys that is valid as they come."""
        for chunk in chunks:
            if not len(self._new_at_ns):
                yield chunk
                continue
            arrived_at_ns = chunk.arrived_at_ns
            version = np.searchsorted(self._new_at_ns, arrived_at_ns, side="right")
            yield replace(chunk, key=chunk.key + version * self._keys)
