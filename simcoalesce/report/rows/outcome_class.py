"""Outcome classes: the six outcomes that every picture and table tells apart."""

from enum import IntEnum

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


def outcome_classes(rows: RequestRows) -> NDArray[np.int64]:
    """Return the outcome of each request, shape (requests,).

    A request with an error is refused (429) or failed, whatever it found or did.
    """
    outcome = np.full(len(rows.status), int(OutcomeClass.LEADER))
    outcome[rows.role == Role.FOLLOWER] = OutcomeClass.FOLLOWER
    outcome[rows.lookup == Lookup.STALE] = OutcomeClass.STALE
    outcome[rows.lookup == Lookup.HIT] = OutcomeClass.HIT
    outcome[rows.status >= 400] = OutcomeClass.FAILED
    outcome[rows.status == 429] = OutcomeClass.REFUSED
    return outcome
