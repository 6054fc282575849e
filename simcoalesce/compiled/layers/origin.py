"""origin, as `model.layers.origin` and `model.origin` have it."""

import numpy as np

from simcoalesce.compiled.call_log import note_call
from simcoalesce.compiled.fault import FaultRecord, is_struck, written_faults
from simcoalesce.compiled.instances import object_around
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters, own_fields
from simcoalesce.compiled.rate_limit import (
    LimitRecord,
    take_of_all,
    wait_of_all,
    written_limits,
)
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.retry_after import retry_rule, said_ns
from simcoalesce.compiled.servers import (
    ServersRecord,
    is_full,
    queue_up,
    times_out_at,
)
from simcoalesce.compiled.state import (
    DOWN,
    GO_UP,
    LABELS,
    Level,
    SamplerRecord,
    State,
    Task,
)
from simcoalesce.compiled.tasks import draw, wake_at
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.origin import Origin

_ANSWERED, _HAS_HEADERS, _READS_BODY = range(LABELS, LABELS + 3)


class OriginLevel(Level):
    """What the layer is told."""

    latency: SamplerRecord
    own_latency: int
    """Where it names the samplers of keys that have their own, or nobody: none has."""
    streams: bool
    body: SamplerRecord
    rejects_in: SamplerRecord
    says: int
    """What a 429 says of when to come back, or how."""
    cacheable: bool
    response_size_bytes: int
    servers: ServersRecord
    limits: Link[LimitRecord]
    limiters: int
    faults: Link[FaultRecord]
    lifetimes: int
    """How many samplers it has of how long answers may be stored, and where."""
    lifetime: int
    admitted: int
    """How many calls it has served."""
    changes: int
    """How many changes of its content are listed, and where."""
    changes_at: int
    changes_every_ns: int


@inner
def step(m: State, task: Task, own: OriginLevel, entry: int) -> int:
    """Call the origin, or be refused."""
    if entry == DOWN:
        return _call(m, task, own)
    if entry == _HAS_HEADERS and own.object_level and task.isolate >= 0:
        # Headers wait for an object's gate, as what follows them waits for it later.
        opens_at = object_around(m, task, own).shut_until
        if opens_at > m.now:
            return wake_at(m, task, own, _READS_BODY, opens_at, clock.RETURN)
    complete_at = task.answer.complete_at
    if entry != _ANSWERED and complete_at > m.now:
        return wake_at(m, task, own, _ANSWERED, complete_at, clock.COMPLETE)
    return GO_UP


@inner
def _call(m: State, task: Task, own: OriginLevel) -> int:
    answer = task.answer
    answer.cacheable, answer.max_age = own.cacheable, NOBODY
    status, completed, body, retry_after = _receive(m, task, own)
    answer.status, answer.lookup, answer.role = status, 0, 1
    answer.served_by, answer.generated = own.served_by, completed - body
    answer.attempts, answer.version = 1, _version(m, own)
    answer.retry_after = retry_after
    answer.complete_at, answer.stored_at = completed, NOBODY
    note_call(m, task, completed)
    if status < 400:
        m.usage.response_bytes += own.response_size_bytes
    label = _HAS_HEADERS if own.streams and not own.is_streamed else _ANSWERED
    return wake_at(m, task, own, label, completed - body, clock.COMPLETE)


@inner
def _receive(m: State, task: Task, own: OriginLevel) -> tuple[int, int, int, int]:
    """Return a status, when it is answered, its body, and when to come back."""
    wait = wait_of_all(m, own.limits, own.limiters, task.key)
    if wait or is_full(m, own.servers):
        completed = m.now + draw(m, own.rejects_in, task)
        return (
            429 if wait else 503,
            completed,
            0,
            said_ns(own.says, wait) if wait else 0,
        )
    completed = times_out_at(m, own.servers)
    if completed != NOBODY:
        take_of_all(m, own.limits, own.limiters, task.key, completed)
        return 503, completed, 0, 0
    status, completed, body = _serve(m, task, own)
    take_of_all(m, own.limits, own.limiters, task.key, completed)
    return status, completed, body, 0


@inner
def _version(m: State, own: OriginLevel) -> int:
    version = 0
    while version < own.changes and m[own.changes_at + version] <= m.now:
        version += 1
    every = own.changes_every_ns
    return version if every == NOBODY else version + m.now // every


@inner
def _serve(m: State, task: Task, own: OriginLevel) -> tuple[int, int, int]:
    """Return the status of an admitted call, when it is answered, and its body."""
    sampler = own.latency
    if own.own_latency != NOBODY and m[own.own_latency + task.key] != NOBODY:
        sampler = SamplerRecord(m, m[own.own_latency + task.key])
    service = draw(m, sampler, task)
    body = draw(m, own.body, task) if own.streams else 0
    status, service, body = _with_faults(m, task, own.faults, service, body)
    if own.lifetimes and status < 400:
        which = min(own.admitted, own.lifetimes - 1)
        sampler = SamplerRecord(m, m[own.lifetime + which])
        task.answer.max_age = draw(m, sampler, task)
    own.admitted += 1
    if own.servers.concurrency == NOBODY:
        return status, m.now + service + body, body
    return status, queue_up(m, own.servers, service + body), body


@inner
def _with_faults(
    m: State, task: Task, fault: FaultRecord, service: int, body: int
) -> tuple[int, int, int]:
    """Return a status, a service time and a body, given the first of the faults."""
    status, answer = 200, task.answer
    while fault:
        if is_struck(m, fault, task):
            answer.cacheable &= fault.cacheable
            if fault.takes:
                service = draw(m, fault.takes, task)
            service = int(np.rint(service * fault.slower))
            body = int(np.rint(body * fault.slower))
            if status == 200:
                status = fault.status
        fault = fault.next
    return status, service, body if status < 400 else 0


def fill(
    own: OriginLevel, layer: Origin, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    own.latency = parameters.sampler(context.sampler(layer.latency, "latency"))
    own.own_latency = _own_latency(layer, context, parameters)
    own.rejects_in = parameters.sampler(context.sampler(layer.rejects_in, "rejects_in"))
    if layer.streams:
        own.body = parameters.sampler(context.sampler(layer.body, "body"))
        # Its first return to an object, with the headers, is a step of its own.
        own.returns = max(own.returns - 1, 0)
    own.says = retry_rule(layer.retry_after_ns)
    parameters.fill(own.servers, layer, own_fields(ServersRecord, Record))
    own.limits, width = written_limits(layer.rate_limit, context.keys, parameters)
    own.limiters = parameters.reserve(width)
    own.faults = written_faults(layer.faults, context, parameters)
    own.lifetimes = len(layer.max_age)
    said = [parameters.sampler(one).at for one in layer.lifetimes(context)]
    own.lifetime = parameters.write(said)
    own.changes = len(layer.changes_at)
    own.changes_at = parameters.write(sorted(layer.changes_at))


def _own_latency(layer: Origin, context: LayerContext, parameters: Parameters) -> int:
    """Write the samplers of keys that have their own; return where, or nobody."""
    samplers = layer.own_latency(context)
    if not samplers:
        return NOBODY
    table = [NOBODY] * len(context.keys)
    for key, sampler in samplers.items():
        table[key] = parameters.sampler(sampler).at
    return parameters.write(table)
