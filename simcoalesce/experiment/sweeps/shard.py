"""Shards: one of some parts of a sweep, each of which a machine does alone."""

import re
from typing import Final, NamedTuple, Self

from typing_extensions import override

_WRITTEN: Final = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


class Shard(NamedTuple):
    """The I-th of N shards: every N-th point, from the I-th on.

    Attributes:
        number: Which one, from 1 on.
        of: How many there are.
    """

    number: int = 1
    of: int = 1

    @classmethod
    def parse(cls, written: str) -> Self:
        """Return what ``I/N`` says, e.g. ``3/16``.

        Raises:
            ValueError: If it is no shard.
        """
        match = _WRITTEN.fullmatch(written)
        number, of = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= number <= of:
            raise ValueError(f"shard {written}: write e.g. 3/16, from 1/16 to 16/16")
        return cls(number, of)

    def indices(self, points: int) -> range:
        """Return the indices of its points, of so many."""
        return range(self.number - 1, points, self.of)

    @override
    def __str__(self) -> str:
        return f"{self.number}/{self.of}"
