"""kv.read, as `model.layers.kv_read` has it."""

from simcoalesce.compiled import kv, layout
from simcoalesce.compiled.hash_table import find, insert, remove, table_key_of
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import (
    at,
    domain_of,
    draw,
    frame,
    location_of,
    new_task,
    real,
    spawn,
    wake_at,
)
from simcoalesce.model.freshness import xfetch_sampler
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.kv_read import KvRead

HOT, COLD, HOT_FOR, LOOKS_LATE, LEAST_WRITE = range(3, 8)
IS_FORGIVING, STALE_WHILE, STALE_IF_ERROR, WAITS, ONE_AT_A_TIME = range(8, 13)
HIDES_ERRORS, HAS_AHEAD, AHEAD, HAS_XFETCH, BETA, XFETCH = range(13, 19)
COPIES = 19

_GOES_ON, _IS_HIT, _REFRESHED, _LOOKS = range(layout.LABELS, layout.LABELS + 4)

# The frame: when was looked, what was found there, and what a task below is for.
_LOOKED_AT, _STATUS, _GENERATED, _VERSION, _RETRY_AFTER = range(5)
_EXPIRES, _PUT_AT, _TOOK, _PURPOSE = range(5, 9)
_HIDES = _TOOK  # nobody asks how long a fetch took once its refresh has begun
_NOTHING = -1
_MISS, _FOR_ERRORS, _FOR_REFRESH = 0, 1, 2
_NO_ERRORS, _COVERED_ERRORS, _ALL_ERRORS = 0, 1, 2

_FRESH, _EARLY, _STALE, _IF_ERROR, _GONE = range(5)
_HIT_LOOKUP, _STALE_LOOKUP = 1, 2


@inner
def step(m: Numbers, task: int, level: int, entry: int) -> int:
    """Look up a key in the namespace; only a miss goes on."""
    if entry == layout.DOWN:
        return _begin(m, task, level)
    if entry == layout.UP:
        return _came_back(m, task, level)
    if entry == _GOES_ON:
        is_forgiving = m[at(level) + IS_FORGIVING]
        return _serve(m, task, level) if is_forgiving else layout.GO_DOWN
    if entry == _LOOKS and not _is_plain_hit(m, task, level):
        wake_at(m, task, level, _GOES_ON, m[layout.NOW], layout.START)
        return layout.WAIT
    if entry != _REFRESHED:
        _hit(m, task, level, _HIT_LOOKUP)
    return layout.GO_UP


@inner
def _begin(m: Numbers, task: int, level: int) -> int:
    m[layout.USAGE + layout.KV_READS] += 1
    own = at(level)
    mine = frame(task, level)
    m[mine + _PURPOSE] = _MISS
    sampler = m[own + HOT]
    if m[own + COLD] != layout.NOBODY and not _is_hot(m, task, level):
        sampler = m[own + COLD]
    takes = draw(m, sampler, m[task + layout.ID], m[task + layout.ATTEMPT])
    ends = m[layout.NOW] + takes
    if m[own + LOOKS_LATE]:
        wake_at(m, task, level, _LOOKS, ends, layout.ANSWER)
    elif _is_plain_hit(m, task, level):
        wake_at(m, task, level, _IS_HIT, ends, layout.ANSWER)
    else:
        wake_at(m, task, level, _GOES_ON, ends, layout.START)
    return layout.WAIT


@inner
def _is_plain_hit(m: Numbers, task: int, level: int) -> bool:
    """Look up, and return whether what was found is served as it is."""
    _look_up(m, task, level)
    mine = frame(task, level)
    is_there = m[mine + _STATUS] != _NOTHING
    is_fresh = is_there and m[mine + _LOOKED_AT] < m[mine + _EXPIRES]
    return bool(is_fresh and not m[at(level) + IS_FORGIVING])


@inner
def _is_hot(m: Numbers, task: int, level: int) -> bool:
    """Whether the location has read the key lately; this read counts from now on."""
    location = location_of(m, task, level)
    read_at = m[layout.READ_AT] + m[task + layout.KEY] * m[layout.LOCATIONS] + location
    last = m[read_at]
    m[read_at] = m[layout.NOW]
    return bool(last >= 0 and m[layout.NOW] < last + m[at(level) + HOT_FOR])


@inner
def _look_up(m: Numbers, task: int, level: int) -> None:
    mine = frame(task, level)
    now = m[layout.NOW]
    key, location = m[task + layout.KEY], location_of(m, task, level)
    entry = kv.lookup(m, key, location, now, at(level) + COPIES)
    m[mine + _LOOKED_AT] = now
    m[mine + _STATUS] = _NOTHING
    if entry != layout.NOBODY:
        m[mine + _STATUS] = m[entry + kv.STATUS]
        m[mine + _GENERATED] = m[entry + kv.GENERATED]
        m[mine + _VERSION] = m[entry + kv.VERSION]
        m[mine + _RETRY_AFTER] = m[entry + kv.RETRY_AFTER]
        m[mine + _EXPIRES] = m[entry + kv.EXPIRES]
        m[mine + _PUT_AT] = m[entry + kv.PUT_AT]
        m[mine + _TOOK] = m[entry + kv.TOOK]


@inner
def _hit(m: Numbers, task: int, level: int, lookup: int) -> None:
    mine = frame(task, level)
    m[task + layout.STATUS] = m[mine + _STATUS]
    m[task + layout.LOOKUP] = lookup
    m[task + layout.ROLE] = 0
    m[task + layout.SERVED_BY] = m[at(level) + layout.CODE]
    m[task + layout.GENERATED] = m[mine + _GENERATED]
    m[task + layout.ATTEMPTS] = 1
    m[task + layout.VERSION] = m[mine + _VERSION]
    m[task + layout.CACHEABLE] = 1
    m[task + layout.RETRY_AFTER] = m[mine + _RETRY_AFTER]


@inner
def _freshness(m: Numbers, task: int, level: int) -> int:
    """Say what may be done with what was found, as `model.freshness` does."""
    own = at(level)
    mine = frame(task, level)
    looked_at, expires = m[mine + _LOOKED_AT], m[mine + _EXPIRES]
    late = looked_at - expires
    if late >= 0:
        if late < m[own + STALE_WHILE]:
            return _STALE
        return _IF_ERROR if late < m[own + STALE_IF_ERROR] else _GONE
    return _EARLY if _is_early(m, task, level) else _FRESH


@inner
def _is_early(m: Numbers, task: int, level: int) -> bool:
    own = at(level)
    mine = frame(task, level)
    looked_at, expires = m[mine + _LOOKED_AT], m[mine + _EXPIRES]
    put_at = m[mine + _PUT_AT]
    if m[own + HAS_AHEAD]:
        ahead = real(m, own + AHEAD) * (expires - put_at)
        if looked_at - put_at >= ahead:
            return True
    if not m[own + HAS_XFETCH]:
        return False
    unit = draw(m, m[own + XFETCH], m[task + layout.ID], m[task + layout.ATTEMPT])
    early = m[mine + _TOOK] * real(m, own + BETA) * (unit / 1_000_000_000)
    return bool(looked_at + early >= expires)


@inner
def _serve(m: Numbers, task: int, level: int) -> int:
    """Answer from what is not simply fresh or gone, and have it refreshed."""
    mine = frame(task, level)
    if m[mine + _STATUS] == _NOTHING:
        return layout.GO_DOWN
    freshness = _freshness(m, task, level)
    if freshness == _GONE:
        return layout.GO_DOWN
    if freshness == _IF_ERROR:
        m[mine + _PURPOSE] = _FOR_ERRORS
        return layout.GO_DOWN
    _hit(m, task, level, _STALE_LOOKUP if freshness == _STALE else _HIT_LOOKUP)
    return layout.GO_UP if freshness == _FRESH else _refresh(m, task, level)


@inner
def _refresh(m: Numbers, task: int, level: int) -> int:
    own = at(level)
    table_key = table_key_of(level, domain_of(m, task, level), m[task + layout.KEY])
    if m[own + ONE_AT_A_TIME] and find(m, table_key) != layout.NOBODY:
        return layout.GO_UP
    insert(m, table_key, 1)
    if m[own + WAITS]:
        # The answer of the task says how the old value would be served.
        mine = frame(task, level)
        m[mine + _PURPOSE] = _FOR_REFRESH
        m[mine + _HIDES] = _hidden_errors(m, task, level)
        m[mine + _LOOKED_AT] = m[task + layout.LOOKUP]
        return layout.GO_DOWN
    child = new_task(m, task, level + 1, layout.TO_REFRESH, table_key)
    spawn(m, task, level, _REFRESHED, child)
    return layout.SPAWN


@inner
def _hidden_errors(m: Numbers, task: int, level: int) -> int:
    """Return which errors of a refresh the old value hides."""
    own = at(level)
    mine = frame(task, level)
    if m[own + HIDES_ERRORS]:
        return _ALL_ERRORS
    late = m[mine + _LOOKED_AT] - m[mine + _EXPIRES]
    is_covered = m[own + STALE_IF_ERROR] and late < m[own + STALE_IF_ERROR]
    return _COVERED_ERRORS if is_covered else _NO_ERRORS


@inner
def _is_hidden(status: int, hides: int) -> bool:
    """Say whether the old value is served instead of an answer."""
    is_covered = status == 500 or 502 <= status <= 504
    return status >= 400 and (hides == _ALL_ERRORS or (hides > 0 and is_covered))


@inner
def _came_back(m: Numbers, task: int, level: int) -> int:
    mine = frame(task, level)
    purpose, status = m[mine + _PURPOSE], m[task + layout.STATUS]
    if purpose == _FOR_ERRORS:
        if _is_hidden(status, _COVERED_ERRORS):
            _hit(m, task, level, _STALE_LOOKUP)
    elif purpose == _FOR_REFRESH:
        _give_up(m, task, level)
        if _is_hidden(status, m[mine + _HIDES]):
            _hit(m, task, level, m[mine + _LOOKED_AT])
    return layout.GO_UP


@inner
def _give_up(m: Numbers, task: int, level: int) -> None:
    m[frame(task, level) + _PURPOSE] = _MISS
    remove(m, table_key_of(level, domain_of(m, task, level), m[task + layout.KEY]))


@inner
def close(m: Numbers, task: int, level: int) -> None:
    """Give up a refresh whose caller is gone."""
    if m[frame(task, level) + _PURPOSE] == _FOR_REFRESH:
        _give_up(m, task, level)


def encode(
    layer: KvRead, context: LayerContext, level: int, parameters: Parameters
) -> None:
    """Write the layer's parameters."""
    row = parameters.levels[level]
    hot = context.sampler(layer.read_latency, "latency")
    row[layout.CODE] = parameters.code_of(layer.served_by)
    row[HOT] = parameters.sampler(hot)
    row[COLD] = layout.NOBODY
    if layer.cold_read_latency is not None:
        cold = context.sampler(layer.cold_read_latency, "cold_latency")
        row[COLD] = parameters.sampler(cold)
    row[HOT_FOR] = layer.hot_for_ns
    row[LOOKS_LATE] = layer.read_at == "end"
    row[COPIES : COPIES + kv.COPIES_WIDTH] = layer.copy_rules
    parameters.head[layout.KEEPS_COPIES] |= layer.keeps_copies
    row[IS_FORGIVING] = layer.is_forgiving()
    row[STALE_WHILE] = layer.stale_while_revalidate_ns
    row[STALE_IF_ERROR] = layer.stale_if_error_ns
    row[WAITS] = layer.refresh == "foreground"
    row[HIDES_ERRORS] = layer.on_refresh_error == "old_value"
    row[ONE_AT_A_TIME] = layer.refreshes == "one"
    if layer.refresh_ahead is not None:
        row[HAS_AHEAD] = 1
        parameters.real(level, AHEAD, layer.refresh_ahead.fraction_ratio)
    if layer.xfetch is not None:
        row[HAS_XFETCH] = 1
        parameters.real(level, BETA, layer.xfetch.beta)
        row[XFETCH] = parameters.sampler(xfetch_sampler(context))
