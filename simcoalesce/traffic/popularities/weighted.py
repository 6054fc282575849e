"""A list of keys, each with a weight."""

from typing import Literal

from typing_extensions import override

from simcoalesce.traffic.alias_table import AliasTable
from simcoalesce.traffic.popularity import Popularity
from simcoalesce.traffic.weights import Weights, table_of


class Weighted(Popularity):
    """Each key is asked for in proportion to its weight."""

    kind: Literal["weighted"] = "weighted"
    weights: Weights
    """The weight of each key by its name, e.g. ``{a: 3, b: 1}``."""

    @override
    def names(self) -> tuple[str, ...]:
        return tuple(self.weights)

    @override
    def table(self) -> AliasTable:
        return table_of(tuple(self.weights.values()))
