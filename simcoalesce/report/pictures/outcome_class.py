"""How a request ended: the six endings that every picture and table tells apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import Lookup, RequestRows, Role


class OutcomeClass(IntEnum):
    """How a request ended, in the order in which bars are stacked."""

    HIT = 0
    STALE = 1
    LEADER = 2
    FOLLOWER = 3
    REFUSED = 4
    FAILED = 5


@dataclass(frozen=True, slots=True)
class Paint:
    """The look of one thing in all pictures: never told by colour alone.

    Attributes:
        label: What a legend calls it.
        colour: The fill, from a palette for all kinds of colour vision.
        edge: A darker tone of it, for hatches, lines and markers.
        hatch: The pattern, as matplotlib writes it.
    """

    label: str
    colour: str
    edge: str
    hatch: str = ""


PAINTS: Final[Mapping[OutcomeClass, Paint]] = {
    OutcomeClass.HIT: Paint("cache hit", "#9fd0ea", "#2f7ca8"),
    OutcomeClass.STALE: Paint("stale hit", "#5b8fb0", "#dcecf5", "...."),
    OutcomeClass.LEADER: Paint("fetched it", "#e69f00", "#8a5f00"),
    OutcomeClass.FOLLOWER: Paint("waited for a fetch", "#8fcdb3", "#4d9c7d", "///"),
    OutcomeClass.REFUSED: Paint("refused (429)", "#d55e00", "#8c3d00", "xxx"),
    OutcomeClass.FAILED: Paint("failed", "#6b6b6b", "#f2f2f2", "\\\\\\\\"),
}
"""Okabe and Ito's colours (Color Universal Design, 2008), some made lighter."""


def outcome_classes(rows: RequestRows) -> NDArray[np.int64]:
    """Return the ending of each request, shape (requests,).

    A request with an error is refused (429) or failed, whatever it found or did.
    """
    ending = np.full(len(rows.status), int(OutcomeClass.LEADER))
    ending[rows.role == Role.FOLLOWER] = OutcomeClass.FOLLOWER
    ending[rows.lookup == Lookup.STALE] = OutcomeClass.STALE
    ending[rows.lookup == Lookup.HIT] = OutcomeClass.HIT
    ending[rows.status >= 400] = OutcomeClass.FAILED
    ending[rows.status == 429] = OutcomeClass.REFUSED
    return ending
