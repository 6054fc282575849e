"""Sets of the statuses of errors, as layers list them."""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import State
from simcoalesce.model.lifetime import FIRST_ERROR, LAST_ERROR


@inner
def is_among(m: State, statuses: int, status: int) -> bool:
    """Say whether a status is in a set, which `Parameters.statuses` has written."""
    is_error = FIRST_ERROR <= status <= LAST_ERROR
    return is_error and m[statuses + status - FIRST_ERROR] != 0
