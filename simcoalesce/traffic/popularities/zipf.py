"""Zipf's law: the k-th most popular key has the weight 1 / k^s."""

from functools import lru_cache
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field, field_validator
from typing_extensions import override

from simcoalesce.traffic.alias_table import AliasTable
from simcoalesce.traffic.popularity import Popularity
from simcoalesce.units import PositiveCount

_MOST_KEYS: Final = 10_000_000


class Zipf(Popularity):
    """A few keys are asked for often, most hardly ever.

    The keys are named by their rank: ``key-1`` is the most popular.

    Source:
        Breslau et al., "Web caching and Zipf-like distributions", INFOCOM 1999: for
        requests of web pages s is about 0.64 to 0.83.
    """

    kind: Literal["zipf"] = "zipf"
    s: Annotated[float, Field(ge=0, le=20)]
    """How steep: 0 is uniform, 1 the classical law."""
    n: PositiveCount
    """How many keys there are."""

    @field_validator("n")
    @classmethod
    def _within_memory(cls, n: int) -> int:
        if n > _MOST_KEYS:
            raise ValueError(f"{n} keys are too many; write at most {_MOST_KEYS}")
        return n

    @override
    def names(self) -> tuple[str, ...]:
        return _names(self.n)

    @override
    def table(self) -> AliasTable:
        return _table(self.s, self.n)


@lru_cache(maxsize=4)
def _names(n: int) -> tuple[str, ...]:
    return tuple(f"key-{rank}" for rank in range(1, n + 1))


@lru_cache(maxsize=4)
def _table(s: float, n: int) -> AliasTable:
    return AliasTable(np.arange(1, n + 1, dtype=np.float64) ** -s)
