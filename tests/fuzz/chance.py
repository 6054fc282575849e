"""Chance of one input: its draws follow from the seed, the kind and the number."""

from collections.abc import Sequence
from typing import TypeVar

from simcoalesce.randomness import Stream

T = TypeVar("T")


class Chance:
    """Draws, one after the other."""

    def __init__(self, seed: int, kind: str, number: int) -> None:
        self._stream = Stream(seed, f"fuzz/{kind}/{number}")
        self._drawn = 0

    def below(self, count: int) -> int:
        """Return a number in [0, count)."""
        self._drawn += 1
        return self._stream.bits(self._drawn) % count

    def happens(self, share: float) -> bool:
        """Whether something of this share happens."""
        self._drawn += 1
        return self._stream.uniform(self._drawn) < share

    def one_of(self, things: Sequence[T]) -> T:
        """Return one of some things."""
        return things[self.below(len(things))]

    def some_of(self, things: Sequence[T], share: float) -> list[T]:
        """Return each thing with this share, in order."""
        return [thing for thing in things if self.happens(share)]

    def cut(self, length: int) -> tuple[int, int]:
        """Return a slice of something so long, most often a short one."""
        begin = self.below(length + 1)
        most = self.one_of((1, 4, 64, length + 1))
        return begin, min(length, begin + self.below(most + 1))
