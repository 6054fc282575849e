"""How long a store keeps an answer, as `model.lifetime` has it."""

import numpy as np

from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.kernel import Word, inner
from simcoalesce.compiled.state import State, Task
from simcoalesce.model.lifetime import FIRST_ERROR


@inner
def lifetime(m: State, task: Task, ttl_ns: int, error_ttl: int) -> int:
    """Return how long the answer of a task is kept; 0 if it may not be stored.

    Args:
        m: The state.
        task: Whose answer it is.
        ttl_ns: How long content is kept.
        error_ttl: Where the lifetimes of errors are, one for each status; or nobody.
    """
    if not task.answer.cacheable:
        return 0
    status = task.answer.status
    if status < FIRST_ERROR:
        return ttl_ns
    return m[error_ttl + status - FIRST_ERROR] if error_ttl >= 0 else 0


@inner
def jittered(task: Task, stays: int, ratio: float, stream: Word) -> int:
    """Return a lifetime that is up to a share of itself shorter or longer.

    Args:
        task: Whose answer it is.
        stays: The lifetime.
        ratio: The share.
        stream: The key of the draws.
    """
    if ratio <= 0:
        return stays
    swing = 2 * uniform(stream, task.request, task.attempt) - 1
    return int(np.rint(stays * (1 + ratio * swing)))
