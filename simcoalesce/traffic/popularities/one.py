"""One key."""

from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from simcoalesce.randomness import Stream
from simcoalesce.traffic.alias_table import AliasTable
from simcoalesce.traffic.popularity import Popularity


class One(Popularity):
    """Everybody asks for the same key."""

    kind: Literal["one"] = "one"
    key: Annotated[str, Field(min_length=1)] = "key"
    """The name of the key."""

    @override
    def names(self) -> tuple[str, ...]:
        return (self.key,)

    @override
    def table(self) -> AliasTable:
        return _certain()

    @override
    def choose(self, requests: NDArray[np.int64], stream: Stream) -> NDArray[np.int64]:
        return np.zeros(len(requests), dtype=np.int64)


@lru_cache(maxsize=1)
def _certain() -> AliasTable:
    return AliasTable(np.ones(1))
