"""Replications: under how many seeds causes are taken out of an incident."""

from typing import Final, NamedTuple, Self

VAGUE_RATIO: Final = 0.15
"""A share of the harm is vague if its interval reaches further to a side than that."""
_MOST_REQUESTS: Final = 1_000_000
"""So many requests are simulated at most where few replications leave shares vague."""
_MOST_SEEDS: Final = 10


class Replications(NamedTuple):
    """How much is simulated to find causes.

    Attributes:
        seeds: Replications of the incident without each subset of causes.
        screening_seeds: Replications without one cause, and without all others.
        causes: How many causes share the harm at most.
    """

    seeds: int
    screening_seeds: int
    causes: int

    @classmethod
    def of(cls, requests: int) -> Self:
        """Return what long runs allow: the fewer, the more requests they have."""
        fits = (one for most, one in _BY_REQUESTS if requests <= most)
        return cls(*next(fits, _FEWEST))

    def surer(self, requests: int, subsets: int) -> Self:
        """Return it with more replications of each subset, as far as runs allow."""
        affordable = _MOST_REQUESTS // max(requests * subsets, 1)
        return self._replace(seeds=max(self.seeds, min(affordable, _MOST_SEEDS)))


_BY_REQUESTS: Final = ((6_000, (5, 3, 5)), (20_000, (3, 2, 4)))
_FEWEST: Final = (2, 1, 4)
