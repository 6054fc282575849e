"""kv.read, as `model.layers.kv_read` has it."""

from typing import Final

from simcoalesce.compiled.event_queue import is_alone
from simcoalesce.compiled.hash_table import find, insert, remove, table_key_of
from simcoalesce.compiled.instances import domain_of, location_of
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.kv import CopyRecord, KvEntry, keep_copies, lookup
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Link
from simcoalesce.compiled.state import (
    DOWN,
    GO_DOWN,
    GO_UP,
    LABELS,
    UP,
    Frame,
    Level,
    SamplerRecord,
    State,
    Task,
)
from simcoalesce.compiled.tasks import draw, handovers, new_task_for, spawn, wake_at
from simcoalesce.model import clock
from simcoalesce.model.freshness import xfetch_sampler
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.kv_read import KvRead
from simcoalesce.units import NS_PER_S

_GOES_ON, _IS_HIT, _REFRESHED, _LOOKS = range(LABELS, LABELS + 4)

# What a task below is for, which of its errors the old value hides, and what may be
# done with what was found.
_MISS, _FOR_ERRORS, _FOR_REFRESH = 0, 1, 2
_NO_ERRORS, _COVERED_ERRORS, _ALL_ERRORS = 0, 1, 2
_FRESH, _EARLY, _STALE, _IF_ERROR, _GONE = range(5)
_HIT_LOOKUP, _STALE_LOOKUP = 1, 2


class KvReadLevel(Level):
    """What the layer is told."""

    read_latency: SamplerRecord
    cold_read_latency: Link[SamplerRecord]
    hot_for_ns: int
    looks_late: bool
    least_write_ns: int
    """What every put takes at least, for reads that look at their end."""
    copies: CopyRecord
    forgives: bool
    """Whether an entry can be more than fresh or gone."""
    stale_while_revalidate_ns: int
    stale_if_error_ns: int
    refreshes_first: bool
    """Whether the request that refreshes waits for it."""
    hides_errors: bool
    is_one_at_a_time: bool
    ahead_ratio: float
    """Less than 0 if it does not refresh ahead."""
    beta: float
    xfetch: Link[SamplerRecord]


class KvReadFrame(Frame):
    """What it keeps of a task."""

    looked_at: int
    found: KvEntry
    purpose: int
    """What a task below is for."""
    hides: int
    """Which errors of a refresh the old value hides."""
    lookup: int
    """How the old value is served then."""


@inner
def step(m: State, task: Task, own: KvReadLevel, mine: KvReadFrame, entry: int) -> int:
    """Look up a key in the namespace; only a miss goes on."""
    if entry == DOWN:
        return _begin(m, task, own, mine)
    if entry == UP:
        return _come_back(m, task, own, mine)
    is_hit = entry == _IS_HIT or (entry == _LOOKS and _is_plain_hit(m, task, own, mine))
    if entry == _LOOKS and not is_hit and not is_alone(m):
        return wake_at(m, task, own, _GOES_ON, m.now, clock.START)
    if is_hit:
        _hit(task, own, mine, _HIT_LOOKUP)
    elif entry != _REFRESHED:
        return _serve(m, task, own, mine) if own.forgives else GO_DOWN
    return GO_UP


@inner
def _begin(m: State, task: Task, own: KvReadLevel, mine: KvReadFrame) -> int:
    m.usage.kv_reads += 1
    mine.purpose = _MISS
    latency = own.read_latency
    if own.cold_read_latency and not _is_hot(m, task, own):
        latency = own.cold_read_latency
    ends = m.now + draw(m, latency, task)
    if own.looks_late:
        return wake_at(m, task, own, _LOOKS, ends, clock.ANSWER)
    if _is_plain_hit(m, task, own, mine):
        return wake_at(m, task, own, _IS_HIT, ends, clock.ANSWER)
    return wake_at(m, task, own, _GOES_ON, ends, clock.START)


@inner
def _is_hot(m: State, task: Task, own: KvReadLevel) -> bool:
    """Whether the location has read the key lately; this read counts from now on."""
    read_at = m.kv.read_at + task.key * m.locations + location_of(m, task, own)
    last = m[read_at]
    m[read_at] = m.now
    return last >= 0 and m.now < last + own.hot_for_ns


@inner
def _is_plain_hit(m: State, task: Task, own: KvReadLevel, mine: KvReadFrame) -> bool:
    """Look up, and return whether what was found is served as it is."""
    found = lookup(m, task.key, location_of(m, task, own), own.copies)
    mine.looked_at, mine.found.order = m.now, 0
    if not found:
        return False
    mine.found = found
    return m.now < found.expires and not own.forgives


@inner
def _hit(task: Task, own: KvReadLevel, mine: KvReadFrame, lookup: int) -> None:
    answer, found = task.answer, mine.found
    answer.status, answer.lookup, answer.role = found.status, lookup, 0
    answer.served_by, answer.generated = own.served_by, found.generated
    answer.attempts, answer.version = 1, found.version
    answer.cacheable, answer.retry_after = True, found.retry_after
    answer.complete_at, answer.max_age = 0, found.max_age
    answer.stored_at = found.stored_at


@inner
def _serve(m: State, task: Task, own: KvReadLevel, mine: KvReadFrame) -> int:
    """Answer from what is not simply fresh or gone, and have it refreshed."""
    freshness = _freshness(m, task, own, mine)
    if freshness == _GONE:
        return GO_DOWN
    if freshness == _IF_ERROR:
        mine.purpose = _FOR_ERRORS
        return GO_DOWN
    _hit(task, own, mine, _STALE_LOOKUP if freshness == _STALE else _HIT_LOOKUP)
    return GO_UP if freshness == _FRESH else _refresh(m, task, own, mine)


@inner
def _freshness(m: State, task: Task, own: KvReadLevel, mine: KvReadFrame) -> int:
    """Say what may be done with what was found, as `model.freshness` does."""
    if not mine.found.order:
        return _GONE
    late = mine.looked_at - mine.found.expires
    if late < 0:
        return _EARLY if _is_early(m, task, own, mine) else _FRESH
    if late < own.stale_while_revalidate_ns:
        return _STALE
    return _IF_ERROR if late < own.stale_if_error_ns else _GONE


@inner
def _is_early(m: State, task: Task, own: KvReadLevel, mine: KvReadFrame) -> bool:
    found, looked_at = mine.found, mine.looked_at
    if own.ahead_ratio >= 0:
        ahead = own.ahead_ratio * (found.expires - found.put_at)
        if looked_at - found.put_at >= ahead:
            return True
    if not own.xfetch:
        return False
    early = found.took * own.beta * (draw(m, own.xfetch, task) / NS_PER_S)
    return looked_at + early >= found.expires


@inner
def _refresh(m: State, task: Task, own: KvReadLevel, mine: KvReadFrame) -> int:
    table_key = table_key_of(own, domain_of(m, task, own), task.key)
    if own.is_one_at_a_time and find(m, table_key) != NOBODY:
        return GO_UP
    insert(m, table_key, 1)
    if own.refreshes_first:
        mine.purpose, mine.lookup = _FOR_REFRESH, task.answer.lookup
        mine.hides = _hidden_errors(own, mine)
        return GO_DOWN
    child = new_task_for(m, task, own.number + 1, _REFRESH, table_key)
    return spawn(m, task, own, _REFRESHED, child)


@inner
def _hidden_errors(own: KvReadLevel, mine: KvReadFrame) -> int:
    """Return which errors of a refresh the old value hides."""
    if own.hides_errors:
        return _ALL_ERRORS
    late = mine.looked_at - mine.found.expires
    is_covered = own.stale_if_error_ns != 0 and late < own.stale_if_error_ns
    return _COVERED_ERRORS if is_covered else _NO_ERRORS


@inner
def _is_hidden(status: int, hides: int) -> bool:
    """Say whether the old value is served instead of an answer."""
    is_covered = status == 500 or 502 <= status <= 504
    return status >= 400 and (hides == _ALL_ERRORS or (hides > 0 and is_covered))


@inner
def _come_back(m: State, task: Task, own: KvReadLevel, mine: KvReadFrame) -> int:
    status = task.answer.status
    if mine.purpose == _FOR_ERRORS:
        if _is_hidden(status, _COVERED_ERRORS):
            _hit(task, own, mine, _STALE_LOOKUP)
    elif mine.purpose == _FOR_REFRESH:
        close(m, task, own, mine)
        if _is_hidden(status, mine.hides):
            _hit(task, own, mine, mine.lookup)
    return GO_UP


@inner
def close(m: State, task: Task, own: KvReadLevel, mine: KvReadFrame) -> bool:
    """End the refresh that a task makes, if it makes one."""
    if mine.purpose == _FOR_REFRESH:
        mine.purpose = _MISS
        remove(m, table_key_of(own, domain_of(m, task, own), task.key))
    return False


@inner
def _end_refresh(m: State, task: Task) -> None:
    """End a refresh for which nobody waits."""
    remove(m, task.to)


_REFRESH: Final = handovers.add(_end_refresh)


def fill(
    own: KvReadLevel, layer: KvRead, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    hot = context.sampler(layer.read_latency, "latency")
    own.read_latency = parameters.sampler(hot)
    if layer.cold_read_latency is not None:
        cold = context.sampler(layer.cold_read_latency, "cold_latency")
        own.cold_read_latency = parameters.sampler(cold)
    own.looks_late = layer.read_at == "end"
    copies, rules = own.copies, layer.copy_rules
    copies.value_ns, copies.absence_ns, copies.hides_local_puts = rules
    if layer.keeps_copies:
        keep_copies(parameters)
    own.forgives = layer.is_forgiving()
    own.refreshes_first = layer.refresh == "foreground"
    own.hides_errors = layer.on_refresh_error == "old_value"
    own.is_one_at_a_time = layer.refreshes == "one"
    ahead = layer.refresh_ahead
    own.ahead_ratio = NOBODY if ahead is None else ahead.fraction_ratio
    if layer.xfetch is not None:
        own.beta = layer.xfetch.beta
        own.xfetch = parameters.sampler(xfetch_sampler(context))
