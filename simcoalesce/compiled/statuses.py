"""Statuses: which errors are among those that a layer names."""

from collections.abc import Collection

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import State
from simcoalesce.model.lifetime import FIRST_ERROR, LAST_ERROR


@inner
def is_among(m: State, named: int, status: int) -> bool:
    """Whether a status is one of the errors of `written_statuses`."""
    is_error = FIRST_ERROR <= status <= LAST_ERROR
    return is_error and m[named + status - FIRST_ERROR] != 0


def written_statuses(named: Collection[int], parameters: Parameters) -> int:
    """Write of each error whether it is named; return where that is."""
    statuses = range(FIRST_ERROR, LAST_ERROR + 1)
    return parameters.write([status in named for status in statuses])
