"""The origin's servers and their queue, as `model.origin.Servers` has them."""

from simcoalesce.compiled.heap import drop_past, replace_first, sift_up
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.layout import NOBODY, NOW
from simcoalesce.compiled.parameters import Parameters, Row
from simcoalesce.compiled.state import at
from simcoalesce.model.layers.origin import Origin

SERVERS, SERVER_HEAP, BUSY, QUEUE_LIMIT, QUEUE_BUFFER, QUEUE_HEAD, QUEUED = range(8, 15)
QUEUE_TIMEOUT = 24


@inner
def _busy(m: Numbers, level: int) -> int:
    """Return how many servers are at work."""
    own = at(level)
    m[own + BUSY] = drop_past(m, m[own + SERVER_HEAP], m[own + BUSY])
    return int(m[own + BUSY])


@inner
def is_full(m: Numbers, level: int) -> bool:
    """Whether a call would find no server and a full queue."""
    own = at(level)
    limit = m[own + QUEUE_LIMIT]
    if m[own + SERVERS] == NOBODY or limit == NOBODY:
        return False
    buffer = m[own + QUEUE_BUFFER]
    while m[own + QUEUED] and m[buffer + m[own + QUEUE_HEAD]] <= m[NOW]:
        m[own + QUEUE_HEAD] = (m[own + QUEUE_HEAD] + 1) % (limit + 1)
        m[own + QUEUED] -= 1
    is_busy = _busy(m, level) >= m[own + SERVERS]
    return bool(is_busy and m[own + QUEUED] >= limit)


@inner
def times_out_at(m: Numbers, level: int) -> int:
    """Return when a call leaves the queue; NOBODY if a server takes it in time."""
    own = at(level)
    timeout = m[own + QUEUE_TIMEOUT]
    if m[own + SERVERS] == NOBODY or timeout == NOBODY:
        return NOBODY
    until = m[NOW] + timeout
    if _busy(m, level) < m[own + SERVERS] or m[m[own + SERVER_HEAP]] <= until:
        return NOBODY
    _wait_until(m, level, until)
    return int(until)


@inner
def _wait_until(m: Numbers, level: int, until: int) -> None:
    own = at(level)
    limit = m[own + QUEUE_LIMIT]
    if limit != NOBODY:
        end = (m[own + QUEUE_HEAD] + m[own + QUEUED]) % (limit + 1)
        m[m[own + QUEUE_BUFFER] + end] = until
        m[own + QUEUED] += 1


@inner
def queue_up(m: Numbers, level: int, service: int) -> int:
    """Give a call to the first server that is free; return when it is done."""
    own = at(level)
    heap = m[own + SERVER_HEAP]
    busy = _busy(m, level)
    if busy < m[own + SERVERS]:
        sift_up(m, heap, busy, m[NOW] + service)
        m[own + BUSY] = busy + 1
        return int(m[NOW] + service)
    starts = m[heap]
    _wait_until(m, level, starts)
    replace_first(m, heap, busy, starts + service)
    return int(starts + service)


def encode(row: Row, layer: Origin, parameters: Parameters) -> None:
    """Write the parameters of the origin's servers."""
    row[SERVERS] = parameters.or_nobody(layer.concurrency)
    row[SERVER_HEAP] = parameters.reserve(layer.concurrency or 0)
    row[QUEUE_LIMIT] = parameters.or_nobody(layer.queue_limit)
    row[QUEUE_TIMEOUT] = parameters.or_nobody(layer.queue_timeout_ns)
    row[QUEUE_BUFFER] = parameters.reserve((layer.queue_limit or 0) + 1)
