"""How long a store keeps an answer, as `model.lifetime` has it."""

from simcoalesce.compiled import layout
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.model.lifetime import FIRST_ERROR


@inner
def lifetime(m: Numbers, task: int, ttl: int, error_ttl: int) -> int:
    """Return how long the answer of a task is kept; 0 if it may not be stored.

    Args:
        m: All memory.
        task: Whose answer it is.
        ttl: How long content is kept.
        error_ttl: Where the lifetimes of errors are, one for each status; or nobody.
    """
    if not m[task + layout.CACHEABLE]:
        return 0
    status = m[task + layout.STATUS]
    if status < FIRST_ERROR:
        return ttl
    return int(m[error_ttl + status - FIRST_ERROR]) if error_ttl >= 0 else 0
