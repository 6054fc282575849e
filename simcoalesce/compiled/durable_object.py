"""durable_object, as `model.layers.durable_object`, `model.gate`, `model.objects`."""

from simcoalesce.compiled import active_time, flights, layout, objects, timeout
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.mutex import hold
from simcoalesce.compiled.object_queue import (
    ACTIVE,
    ANSWERS,
    BLOCK_LIMIT,
    FREE_AT,
    HAS_TURN,
    IDLE_SINCE,
    INSTANCE,
    IS_HELD,
    IS_INSIDE,
    IS_RPC,
    ITS_TIMER,
    NO_TURN,
    QUEUE_LIMIT,
    QUEUE_TIMEOUT,
    QUEUES,
    READY,
    RESETS,
    SHUT_UNTIL,
    THROWS,
    TURN,
    drop_out,
    hand_over,
    is_full,
    queue_until,
    queue_up,
)
from simcoalesce.compiled.object_storage import STORAGE_AFTER, fetches_here, store
from simcoalesce.compiled.objects import new_domain
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import (
    DOMAIN,
    at,
    draw,
    frame,
    set_failure,
    suspend,
    wake_at,
)
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.durable_object import DurableObject
from simcoalesce.units import NS_PER_S

# Parameters, after those of the objects and of the flights.
IS_MUTEX, SERVICE, STORAGE, SPACING, IS_INSTANT = 17, 19, 20, 21, 24

_ARRIVED, _TURNED, _BEGAN, _DONE, _INSIDE = range(layout.LABELS, layout.LABELS + 5)
_TOOK_TURN, _TIMED_OUT, _LED, _FOLLOWED, _RETURNED = range(
    layout.LABELS + 5, layout.LABELS + 10
)
_LET_OUT, _FETCHES, _STORED = range(layout.LABELS + 10, layout.LABELS + 13)


@inner
def step(m: Numbers, task: int, level: int, entry: int) -> int:
    """Ask the key's object, which asks once for all who wait."""
    if entry == layout.DOWN:
        return _call(m, task, level)
    if entry == _ARRIVED:
        return _enter(m, task, level)
    if entry == _RETURNED:
        return layout.GO_UP
    if entry == _FOLLOWED:
        flights.follow(m, task, level)
        return _leave(m, task, level)
    if entry == _LED:
        action = flights.lead(m, task, level, _LED)
        return _leave(m, task, level) if action == layout.GO_UP else action
    return _step_inside(m, task, level, entry)


@inner
def _step_inside(m: Numbers, task: int, level: int, entry: int) -> int:
    if entry == layout.UP and store(m, task, level, _STORED):
        return layout.WAIT
    if entry == _FETCHES:
        return layout.GO_DOWN
    if entry == layout.UP or entry == _STORED:  # noqa: PLR1714 - kernels have no sets
        return _landed(m, task, level)
    if entry == _TOOK_TURN:
        return _join(m, task, level)
    if entry == _TIMED_OUT:
        return _fail(m, task, level, 503)
    return _step_of_mutex(m, task, level, entry)


@inner
def _landed(m: Numbers, task: int, level: int) -> int:
    """Let a flight land: one by itself, or the one that this request leads."""
    if m[task + layout.THEN] == layout.TO_FLIGHT and m[task + layout.BASE] == level:
        return layout.GO_UP
    flights.land_led(m, task, level)
    return _leave(m, task, level)


@inner
def _step_of_mutex(m: Numbers, task: int, level: int, entry: int) -> int:
    mine = frame(task, level)
    if entry == _TURNED:
        m[mine + TURN] = NO_TURN
        if m[task + layout.STATUS] >= 400:
            return _leave(m, task, level)
        return hold(m, task, level, (_BEGAN, _INSIDE))
    if entry == _BEGAN:
        limit = m[at(level) + BLOCK_LIMIT]
        if limit >= 0:
            timeout.set_timer(m, m[mine + ITS_TIMER], m[layout.NOW] + limit)
        suspend(m, task, level, _DONE)
        return layout.WAIT
    if entry == _INSIDE:
        return _inside(m, task, level)
    return _let_out(m, task, level, entry)


@inner
def _let_out(m: Numbers, task: int, level: int, entry: int) -> int:
    """Answer the caller: a response of fetch() leaves behind all who wait."""
    mine = frame(task, level)
    instance = m[mine + INSTANCE]
    own = at(level)
    is_thrown = m[own + THROWS] and m[task + layout.STATUS] >= 400
    leaves_at_once = m[own + IS_RPC] or is_thrown
    if entry == _DONE and m[instance + IS_HELD] and not leaves_at_once:
        return queue_up(m, task, level, _LET_OUT, ANSWERS)
    has_turn = m[mine + TURN] == HAS_TURN
    m[mine + TURN] = NO_TURN
    if has_turn:
        hand_over(m, instance)
    return _leave(m, task, level)


@inner
def _call(m: Numbers, task: int, level: int) -> int:
    mine = frame(task, level)
    instance = objects.object_of(m, task, level)
    m[mine + flights.LEADS] = 0
    m[mine + INSTANCE] = instance
    m[mine + IS_INSIDE] = 0
    m[mine + TURN] = NO_TURN
    hop = objects.hop(m, task, level, objects.HOP, objects.HOPS)
    arrives = max(m[layout.NOW], m[instance + READY]) + hop
    if arrives > m[layout.NOW]:
        wake_at(m, task, level, _ARRIVED, arrives, layout.START)
        return layout.WAIT
    return _enter(m, task, level)


@inner
def _enter(m: Numbers, task: int, level: int) -> int:
    own = at(level)
    mine = frame(task, level)
    instance = m[mine + INSTANCE]
    if m[instance + ACTIVE] == 0:
        limit = m[own + objects.EVICTION]
        if limit >= 0 and m[layout.NOW] - m[instance + IDLE_SINCE] >= limit:
            new_domain(m, instance)
    active_time.begin(m, instance)
    m[layout.USAGE + layout.OBJECT_REQUESTS] += 1
    m[mine + IS_INSIDE] = 1
    if not m[own + IS_MUTEX]:
        return _inside(m, task, level)
    if not m[instance + IS_HELD]:
        return hold(m, task, level, (_BEGAN, _INSIDE))
    if is_full(m, instance, level):
        return _fail(m, task, level, 503)
    return queue_up(m, task, level, _TURNED, QUEUES)


@inner
def _leave(m: Numbers, task: int, level: int) -> int:
    """Go back to the caller, or hand the answer to the one that holds the mutex."""
    if m[task + layout.BASE] == level and m[task + layout.THEN] == layout.TO_HOLD:
        return layout.GO_UP
    _go_out(m, task, level)
    hop = objects.hop(m, task, level, objects.HOP_BACK, objects.HOPS_BACK)
    if not hop:
        return layout.GO_UP
    wake_at(m, task, level, _RETURNED, m[layout.NOW] + hop, layout.ANSWER)
    return layout.WAIT


@inner
def _go_out(m: Numbers, task: int, level: int) -> None:
    mine = frame(task, level)
    m[mine + IS_INSIDE] = 0
    active_time.end(m, m[mine + INSTANCE])


@inner
def _fail(m: Numbers, task: int, level: int, status: int) -> int:
    set_failure(m, task, status, 0, m[at(level) + layout.CODE])
    return _leave(m, task, level)


@inner
def _inside(m: Numbers, task: int, level: int) -> int:
    """Wait for a turn of the object's thread, if turns take time, and take it."""
    own = at(level)
    if m[own + IS_INSTANT]:
        return _join(m, task, level)
    instance = m[frame(task, level) + INSTANCE]
    now = m[layout.NOW]
    starts = max(now, m[instance + FREE_AT])
    if starts > now and is_full(m, instance, level):
        return _fail(m, task, level, 503)
    limit = m[own + QUEUE_TIMEOUT]
    if limit >= 0 and starts - now > limit:
        queue_until(m, instance, now + limit)
        wake_at(m, task, level, _TIMED_OUT, now + limit, layout.EXPIRE)
        return layout.WAIT
    takes = draw(m, m[own + SERVICE], m[task + layout.ID], m[task + layout.ATTEMPT])
    takes += draw(m, m[own + STORAGE], m[task + layout.ID], m[task + layout.ATTEMPT])
    m[instance + FREE_AT] = starts + max(takes, m[own + SPACING])
    if takes:
        m[instance + SHUT_UNTIL] = starts + takes
    if starts > now:
        queue_until(m, instance, starts)
    if starts + takes > now:
        wake_at(m, task, level, _TOOK_TURN, starts + takes, layout.START)
        return layout.WAIT
    return _join(m, task, level)


@inner
def _join(m: Numbers, task: int, level: int) -> int:
    own = at(level)
    domain = m[m[frame(task, level) + INSTANCE] + DOMAIN]
    action = flights.join(m, task, level, domain, (_LED, _FOLLOWED))
    if action == layout.SPAWN and not m[own + IS_INSTANT]:
        fetches_here(m, m[layout.SPAWNED], level, _FETCHES)
    return _leave(m, task, level) if action == layout.GO_UP else action


@inner
def close(m: Numbers, task: int, level: int) -> bool:
    """End what a task does here whose caller is gone.

    Returns:
        Whether nothing will wake it any more.
    """
    mine = frame(task, level)
    turn = m[mine + TURN]
    is_forgotten = turn == QUEUES or turn == ANSWERS  # noqa: PLR1714 - kernels have no sets
    is_let_out = m[task + layout.LABEL] == _LET_OUT
    if m[mine + flights.LEADS]:
        flights.break_off(m, task, level)
    if is_forgotten:
        drop_out(m, task, level)
    elif turn == HAS_TURN and (is_let_out or m[task + layout.STATUS] < 400):
        hand_over(m, m[mine + INSTANCE])
    m[mine + TURN] = NO_TURN
    if m[mine + IS_INSIDE]:
        _go_out(m, task, level)
    return bool(is_forgotten)


def encode(
    layer: DurableObject, context: LayerContext, level: int, parameters: Parameters
) -> None:
    """Write the layer's parameters."""
    row = parameters.levels[level]
    row[layout.CODE] = parameters.code_of(layer.served_by)
    objects.encode(layer, context, level, parameters)
    is_mutex = layer.gate == "block_concurrency"
    flights.encode(row, layer.cleanup, is_leader_bound=is_mutex)
    row[IS_MUTEX] = is_mutex
    row[BLOCK_LIMIT] = parameters.or_nobody(layer.block_limit_ns)
    row[IS_RPC] = layer.called_by == "rpc"
    row[THROWS], row[RESETS] = layer.on_error == "throws", layer.on_error == "resets"
    service = context.sampler(layer.service_time, "service_time")
    storage = context.sampler(layer.storage_time, "storage_time")
    row[SERVICE], row[STORAGE] = (
        parameters.sampler(service),
        parameters.sampler(storage),
    )
    storage_after = context.sampler(layer.storage_after, "storage_after")
    row[STORAGE_AFTER] = parameters.sampler(storage_after)
    row[SPACING] = round(NS_PER_S / (layer.capacity_per_s or float("inf")))
    row[QUEUE_LIMIT] = parameters.or_nobody(layer.queue_limit)
    row[QUEUE_TIMEOUT] = parameters.or_nobody(layer.queue_timeout_ns)
    times = (service, storage, storage_after)
    is_free = all(sampler.constant_ns == 0 for sampler in times)
    row[IS_INSTANT] = is_free and not row[SPACING]
