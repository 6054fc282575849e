"""How long a store keeps an answer, as `model.lifetime` has it."""

from simcoalesce.compiled.kernel import inner
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
