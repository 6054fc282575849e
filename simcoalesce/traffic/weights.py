"""Names with weights: keys, locations."""

from functools import lru_cache
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field

from simcoalesce.traffic.alias_table import AliasTable


def _some_weight(weights: dict[str, float]) -> dict[str, float]:
    if not sum(weights.values()):
        raise ValueError("no weight is above zero; write e.g. {a: 3, b: 1}")
    return weights


Weights = Annotated[
    dict[
        Annotated[str, Field(min_length=1)],
        Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)],
    ],
    AfterValidator(_some_weight),
]
"""A weight by name, written ``{a: 3, b: 1}``; not all of them zero."""


@lru_cache(maxsize=32)
def table_of(weights: tuple[float, ...]) -> AliasTable:
    """Return the table that draws indices in proportion to their weights."""
    return AliasTable(np.array(weights, dtype=np.float64))
