"""durable_object, as `model.layers.durable_object`, `model.gate`, `model.objects`."""

from simcoalesce.compiled import active_time, flights
from simcoalesce.compiled.flights import LANDS
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.mutex import HELD, hold
from simcoalesce.compiled.object_queue import (
    hand_over,
    is_full,
    leave_queue,
    queue_until,
    queue_up,
)
from simcoalesce.compiled.object_storage import fetches_here, store
from simcoalesce.compiled.objects import (
    ANSWERS,
    HAS_TURN,
    NO_TURN,
    QUEUES,
    DurableObjectLevel,
    ObjectFrame,
    fill_hops,
    fill_objects,
    hop_of,
    new_domain,
    object_of,
    set_out,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import (
    DOWN,
    GO_DOWN,
    GO_UP,
    LABELS,
    SPAWN,
    UP,
    WAIT,
    State,
    Task,
)
from simcoalesce.compiled.tasks import draw, set_failure, suspend, wake_at
from simcoalesce.compiled.timers import set_timer
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.durable_object import DurableObject
from simcoalesce.units import NS_PER_S

_ARRIVED, _TURNED, _BEGAN, _DONE, _INSIDE = range(LABELS, LABELS + 5)
_TOOK_TURN, _TIMED_OUT, _LED, _FOLLOWED, _RETURNED = range(LABELS + 5, LABELS + 10)
_LET_OUT, _FETCHES, _STORED = range(LABELS + 10, LABELS + 13)


@inner
def step(
    m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame, entry: int
) -> int:
    """Ask the key's object, which asks once for all who wait."""
    if entry == DOWN:
        return _call(m, task, own, mine)
    if entry == _ARRIVED:
        return _enter(m, task, own, mine)
    if entry == _RETURNED:
        return GO_UP
    if entry == _FOLLOWED:
        flights.follow(task, mine)
        return _leave(m, task, own, mine)
    if entry == _LED:
        action = flights.lead(m, task, own, mine, _LED)
        return _leave(m, task, own, mine) if action == GO_UP else action
    return _step_inside(m, task, own, mine, entry)


@inner
def _step_inside(
    m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame, entry: int
) -> int:
    if entry == UP and store(m, task, own, _STORED):
        return WAIT
    if entry == _FETCHES:
        return GO_DOWN
    if entry == UP or entry == _STORED:  # noqa: PLR1714, SIM109 - kernels have no sets
        return _landed(m, task, own, mine)
    if entry == _TOOK_TURN:
        return _join(m, task, own, mine)
    if entry == _TIMED_OUT:
        return _be_overloaded(m, task, own, mine)
    return _step_of_mutex(m, task, own, mine, entry)


@inner
def _landed(m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame) -> int:
    """Let a flight land: one by itself, or the one that this request leads."""
    if task.ends == LANDS and task.base == own.number:
        return GO_UP
    flights.land_led(m, task, mine)
    return _leave(m, task, own, mine)


@inner
def _step_of_mutex(
    m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame, entry: int
) -> int:
    if entry == _TURNED:
        mine.turn = NO_TURN
        if task.answer.status >= 400:
            return _leave(m, task, own, mine)
        return hold(m, task, own, mine, (_BEGAN, _INSIDE))
    if entry == _BEGAN:
        if own.block_limit_ns >= 0:
            set_timer(m, mine.timer, m.now + own.block_limit_ns)
        return suspend(task, own, _DONE)
    if entry == _INSIDE:
        return _inside(m, task, own, mine)
    return _let_out(m, task, own, mine, entry)


@inner
def _let_out(
    m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame, entry: int
) -> int:
    """Answer the caller: a response of fetch() leaves behind all who wait."""
    instance = mine.instance
    leaves_at_once = own.is_rpc or (own.throws and task.answer.status >= 400)
    if entry == _DONE and instance.is_held and not leaves_at_once:
        return queue_up(m, task, own, mine, _LET_OUT, ANSWERS)
    has_turn = mine.turn == HAS_TURN
    mine.turn = NO_TURN
    if has_turn:
        hand_over(m, instance)
    return _leave(m, task, own, mine)


@inner
def _call(m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame) -> int:
    instance = object_of(m, task, own)
    set_out(mine, instance)
    hop = hop_of(m, task, own, own.hop, own.hops)
    arrives = max(m.now, instance.ready) + hop
    if arrives > m.now:
        return wake_at(m, task, own, _ARRIVED, arrives, clock.START)
    return _enter(m, task, own, mine)


@inner
def _enter(m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame) -> int:
    instance, limit = mine.instance, own.eviction_after_ns
    if instance.active == 0 and limit >= 0 and m.now - instance.idle_since >= limit:
        new_domain(m, instance)
    active_time.begin(m, instance)
    m.usage.object_requests += 1
    mine.is_inside = True
    if not own.serializes:
        return _inside(m, task, own, mine)
    if not instance.is_held:
        return hold(m, task, own, mine, (_BEGAN, _INSIDE))
    if is_full(m, instance, own):
        return _be_overloaded(m, task, own, mine)
    return queue_up(m, task, own, mine, _TURNED, QUEUES)


@inner
def _leave(m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame) -> int:
    """Go back to the caller, or hand the answer to the one that holds the mutex."""
    if task.base == own.number and task.ends == HELD:
        return GO_UP
    _go_out(m, mine)
    hop = hop_of(m, task, own, own.hop_back, own.hops_back)
    if not hop:
        return GO_UP
    return wake_at(m, task, own, _RETURNED, m.now + hop, clock.ANSWER)


@inner
def _go_out(m: State, mine: ObjectFrame) -> None:
    mine.is_inside = False
    active_time.end(m, mine.instance)


@inner
def _be_overloaded(
    m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame
) -> int:
    set_failure(m, task, 503, 0, own.served_by)
    return _leave(m, task, own, mine)


@inner
def _inside(m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame) -> int:
    """Wait for a turn of the object's thread, if turns take time, and take it."""
    if own.is_instant:
        return _join(m, task, own, mine)
    instance, now = mine.instance, m.now
    starts = max(now, instance.free_at)
    if starts > now and is_full(m, instance, own):
        return _be_overloaded(m, task, own, mine)
    limit = own.queue_timeout_ns
    if limit >= 0 and starts - now > limit:
        queue_until(m, instance, now + limit)
        return wake_at(m, task, own, _TIMED_OUT, now + limit, clock.EXPIRE)
    takes = draw(m, own.service_time, task)
    takes += draw(m, own.storage_time, task)
    instance.free_at = starts + max(takes, own.spacing_ns)
    if takes:
        instance.shut_until = starts + takes
    if starts > now:
        queue_until(m, instance, starts)
    if starts + takes > now:
        return wake_at(m, task, own, _TOOK_TURN, starts + takes, clock.START)
    return _join(m, task, own, mine)


@inner
def _join(m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame) -> int:
    domain, labels = mine.instance.domain, (_LED, _FOLLOWED)
    action = flights.join(m, task, own, mine, domain, labels)
    if action == SPAWN and not own.is_instant:
        fetches_here(m, m.spawned, own, _FETCHES)
    return _leave(m, task, own, mine) if action == GO_UP else action


@inner
def close(m: State, task: Task, own: DurableObjectLevel, mine: ObjectFrame) -> bool:
    """End what a task does here whose caller is gone.

    Returns:
        Whether nothing will wake it any more.
    """
    turn, is_let_out = mine.turn, task.label == _LET_OUT
    is_forgotten = turn == QUEUES or turn == ANSWERS  # noqa: PLR1714 - kernels have no sets
    if mine.leads:
        flights.break_off(m, task, own, mine)
    if is_forgotten:
        leave_queue(task, mine)
    elif turn == HAS_TURN and (is_let_out or task.answer.status < 400):
        hand_over(m, mine.instance)
    mine.turn = NO_TURN
    if mine.is_inside:
        _go_out(m, mine)
    return is_forgotten


def fill(
    own: DurableObjectLevel,
    layer: DurableObject,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    flights.fill_cleanup(own, layer.cleanup)
    own.leader_bound = layer.serializes
    own.is_rpc = layer.called_by == "rpc"
    own.throws, own.resets = layer.on_error == "throws", layer.on_error == "resets"
    fill_objects(own, layer, context, parameters)
    fill_hops(own, layer, context, parameters)
    _fill_turns(own, layer, context, parameters)


def _fill_turns(
    own: DurableObjectLevel,
    layer: DurableObject,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write how long turns of an object's thread take."""
    names = ("service_time", "storage_time", "storage_after")
    times = [context.sampler(getattr(layer, name), name) for name in names]
    for name, sampler in zip(names, times, strict=True):
        setattr(own, name, parameters.sampler(sampler))
    own.spacing_ns = round(NS_PER_S / (layer.capacity_per_s or float("inf")))
    is_free = all(sampler.constant_ns == 0 for sampler in times)
    own.is_instant = is_free and not own.spacing_ns and not own.shuts
