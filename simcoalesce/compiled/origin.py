"""origin, as `model.layers.origin` and `model.origin` have it."""

import numpy as np

from simcoalesce.compiled import layout, rate_limits, servers
from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.object_queue import SHUT_UNTIL
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import at, draw, frame, instance_of, real, wake_at
from simcoalesce.model.fault import Fault
from simcoalesce.model.faults.always import Always
from simcoalesce.model.faults.calls import NumberedCalls
from simcoalesce.model.faults.first import First
from simcoalesce.model.faults.random import Random
from simcoalesce.model.faults.window import FaultWindow
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.origin import Origin

LATENCY, REJECTS_IN, SAYS, IS_CACHEABLE, SIZE = range(3, 8)
LIMITS, LIMITS_AT, FAULTS, FAULTS_AT = range(15, 19)
CHANGES, CHANGES_AT, CHANGES_EVERY, HAS_OWN_LATENCY, BODY = range(19, 24)
SAYS_NOTHING, SAYS_EXACTLY = -2, -1

# A fault: its kind, two parameters, its status, the sampler of its own time, the key
# of its random stream, two floats, whether its answers may be stored, a table of the
# keys that concern it (or nobody: all do), and its counts of calls: one, or one a key.
FAULT_KIND, FROM, UNTIL, FAULT_STATUS, TAKES, STREAM_KEY = range(6)
SLOWER, PROBABILITY, FAULT_IS_CACHEABLE, CONCERNED, COUNTS, EACH_KEY = range(6, 12)
FAULT_WIDTH = 12
COUNTED, WINDOW, RANDOM = range(3)

CALL_WIDTH = 6

# In the frame of the origin's level; the gate of an object keeps its own in the first.
COMPLETE_AT = 1

_ANSWERED, _HAS_HEADERS, _READS_BODY = range(layout.LABELS, layout.LABELS + 3)


@inner
def step(m: Numbers, task: int, level: int, entry: int) -> int:
    """Call the origin, or be refused."""
    if entry == layout.DOWN:
        return _call(m, task, level)
    if entry == _HAS_HEADERS and _waits_at_gate(m, task, level):
        return layout.WAIT
    if entry != _ANSWERED and m[frame(task, level) + COMPLETE_AT] > m[layout.NOW]:
        completed = m[frame(task, level) + COMPLETE_AT]
        wake_at(m, task, level, _ANSWERED, completed, layout.COMPLETE)
        return layout.WAIT
    return layout.GO_UP


@inner
def _waits_at_gate(m: Numbers, task: int, level: int) -> bool:
    """Let headers wait for an object's gate, as `comes_back` lets what follows them."""
    object_level = m[at(level) + layout.OBJECT_LEVEL]
    if object_level == layout.NOBODY or m[task + layout.ISOLATE] < 0:
        return False
    until = m[instance_of(m, task, object_level) + SHUT_UNTIL]
    if until > m[layout.NOW]:
        wake_at(m, task, level, _READS_BODY, until, layout.RETURN)
    return bool(until > m[layout.NOW])


@inner
def _call(m: Numbers, task: int, level: int) -> int:
    own = at(level)
    m[task + layout.CACHEABLE] = m[own + IS_CACHEABLE]
    status, completed, body, retry_after = _receive(m, task, level)
    m[task + layout.STATUS] = status
    m[task + layout.LOOKUP] = 0
    m[task + layout.ROLE] = 1
    m[task + layout.SERVED_BY] = m[own + layout.CODE]
    m[task + layout.GENERATED] = completed - body
    m[task + layout.ATTEMPTS] = 1
    m[task + layout.VERSION] = _version(m, level)
    m[task + layout.RETRY_AFTER] = retry_after
    _note(m, task, completed)
    if status < 400:
        m[layout.USAGE + layout.RESPONSE_BYTES] += m[own + SIZE]
    m[frame(task, level) + COMPLETE_AT] = completed
    label = _ANSWERED if m[own + BODY] == layout.NOBODY else _HAS_HEADERS
    wake_at(m, task, level, label, completed - body, layout.COMPLETE)
    return layout.WAIT


@inner
def _receive(m: Numbers, task: int, level: int) -> tuple[int, int, int, int]:
    """Return a status, when it is answered, its body, and when to come back."""
    own = at(level)
    wait = _wait(m, level, m[task + layout.KEY])
    if wait or servers.is_full(m, level):
        completed = m[layout.NOW] + draw(
            m, m[own + REJECTS_IN], m[task + layout.ID], m[task + layout.ATTEMPT]
        )
        return 429 if wait else 503, completed, 0, _said(m[own + SAYS], wait)
    completed = servers.times_out_at(m, level)
    if completed != layout.NOBODY:
        _take(m, task, level, completed)
        return 503, completed, 0, 0
    status, completed, body = _serve(m, task, level)
    return status, completed, body, 0


@inner
def _said(says: int, wait: int) -> int:
    """Return what a 429 says of when to come back."""
    if says == SAYS_NOTHING or not wait:
        return 0
    return -(-wait // 1_000_000_000) * 1_000_000_000 if says == SAYS_EXACTLY else says


@inner
def _note(m: Numbers, task: int, completed: int) -> None:
    call = m[layout.CALL_LOG] + m[layout.CALLS] * CALL_WIDTH
    m[layout.CALLS] += 1
    m[call] = m[task + layout.ID]
    m[call + 1] = m[task + layout.KEY]
    m[call + 2] = m[layout.NOW]
    m[call + 3] = completed
    m[call + 4] = m[task + layout.STATUS]
    m[call + 5] = m[task + layout.VERSION]


@inner
def _version(m: Numbers, level: int) -> int:
    own = at(level)
    version = 0
    while (
        version < m[own + CHANGES] and m[m[own + CHANGES_AT] + version] <= m[layout.NOW]
    ):
        version += 1
    every = m[own + CHANGES_EVERY]
    return version + (m[layout.NOW] // every if every else 0)


@inner
def _serve(m: Numbers, task: int, level: int) -> tuple[int, int, int]:
    """Return the status of an admitted call, when it is answered, and its body."""
    own = at(level)
    sampler = m[own + LATENCY]
    if m[own + HAS_OWN_LATENCY] and m[m[layout.OWN_LATENCY] + m[task + layout.KEY]]:
        sampler = m[m[layout.OWN_LATENCY] + m[task + layout.KEY]]
    service = draw(m, sampler, m[task + layout.ID], m[task + layout.ATTEMPT])
    status, body = 200, 0
    if m[own + BODY] != layout.NOBODY:
        body = draw(m, m[own + BODY], m[task + layout.ID], m[task + layout.ATTEMPT])
    if m[own + FAULTS]:
        status, service, body = _apply_faults(m, task, level, service, body)
    completed = m[layout.NOW] + service + body
    if m[own + servers.SERVERS] != layout.NOBODY:
        completed = servers.queue_up(m, level, service + body)
    _take(m, task, level, completed)
    return status, completed, body


@inner
def _take(m: Numbers, task: int, level: int, completed: int) -> None:
    """Take what an admitted call takes of each limit."""
    own = at(level)
    for index in range(m[own + LIMITS]):
        limit = m[own + LIMITS_AT] + index * rate_limits.LIMIT_WIDTH
        rate_limits.take(m, limit, m[task + layout.KEY], completed)


@inner
def _apply_faults(
    m: Numbers, task: int, level: int, service: int, body: int
) -> tuple[int, int, int]:
    own = at(level)
    request, attempt = m[task + layout.ID], m[task + layout.ATTEMPT]
    status = 200
    for index in range(m[own + FAULTS]):
        fault = m[own + FAULTS_AT] + index * FAULT_WIDTH
        if not _strikes(m, fault, task):
            continue
        m[task + layout.CACHEABLE] &= m[fault + FAULT_IS_CACHEABLE]
        if m[fault + TAKES] != layout.NOBODY:
            service = draw(m, m[fault + TAKES], request, attempt)
        service = int(np.rint(service * real(m, fault + SLOWER)))
        body = int(np.rint(body * real(m, fault + SLOWER)))
        if status == 200:
            status = m[fault + FAULT_STATUS]
    return status, service, body if status < 400 else 0


@inner
def _strikes(m: Numbers, fault: int, task: int) -> bool:
    """Count a call that concerns a fault; say whether it strikes."""
    kind, key = m[fault + FAULT_KIND], m[task + layout.KEY]
    if m[fault + CONCERNED] != layout.NOBODY and not m[m[fault + CONCERNED] + key]:
        return False
    if kind == COUNTED:
        count = m[fault + COUNTS] + key * m[fault + EACH_KEY]
        m[count] += 1
        return bool(m[fault + FROM] <= m[count] <= m[fault + UNTIL])
    if kind == WINDOW:
        return bool(m[fault + FROM] <= m[layout.NOW] < m[fault + UNTIL])
    request, attempt = m[task + layout.ID], m[task + layout.ATTEMPT]
    drawn = uniform(np.uint64(m[fault + STREAM_KEY]), request, attempt)
    return bool(drawn < real(m, fault + PROBABILITY))


@inner
def _wait(m: Numbers, level: int, key: int) -> int:
    """Return 0 if all limits admit a call, else the longest of their waits."""
    own = at(level)
    wait = 0
    for index in range(m[own + LIMITS]):
        limit = m[own + LIMITS_AT] + index * rate_limits.LIMIT_WIDTH
        wait = max(wait, rate_limits.wait_of(m, limit, key))
    return wait


def encode(
    layer: Origin, context: LayerContext, level: int, parameters: Parameters
) -> None:
    """Write the layer's parameters."""
    row = parameters.levels[level]
    row[layout.CODE] = parameters.code_of(layer.served_by)
    row[LATENCY] = parameters.sampler(context.sampler(layer.latency, "latency"))
    row[REJECTS_IN] = parameters.sampler(
        context.sampler(layer.rejects_in, "rejects_in")
    )
    row[BODY] = layout.NOBODY
    if layer.streams:
        row[BODY] = parameters.sampler(context.sampler(layer.body, "body"))
        # Its first return to an object, with the headers, is a step of its own.
        row[layout.RETURNS] = max(row[layout.RETURNS] - 1, 0)
    says = layer.retry_after_ns
    row[SAYS] = SAYS_NOTHING if says is None else says
    row[IS_CACHEABLE], row[SIZE] = layer.cacheable, layer.response_size_bytes
    servers.encode(row, layer, parameters)
    row[CHANGES], row[CHANGES_EVERY] = (
        len(layer.changes_at),
        layer.changes_every_ns or 0,
    )
    row[CHANGES_AT] = parameters.write(sorted(layer.changes_at))
    limits = [
        number
        for limit in layer.rate_limit
        for number in rate_limits.row_of(limit, context.keys, parameters)
    ]
    row[LIMITS], row[LIMITS_AT] = len(layer.rate_limit), parameters.write(limits)
    faults = [
        number
        for index, fault in enumerate(layer.faults)
        for number in _fault(fault, index, context, parameters)
    ]
    row[FAULTS], row[FAULTS_AT] = len(layer.faults), parameters.write(faults)
    row[HAS_OWN_LATENCY] = parameters.own_latency(layer.own_latency(context))


def _fault(
    fault: Fault, index: int, context: LayerContext, parameters: Parameters
) -> list[int]:
    takes, probability = layout.NOBODY, 0.0
    if fault.takes is not None:
        name = f"origin.faults[{index}].takes"
        takes = parameters.sampler(fault.takes.sampler(context.seed, name))
    if isinstance(fault, First):
        rule = [COUNTED, 1, fault.calls]
    elif isinstance(fault, NumberedCalls):
        rule = [COUNTED, fault.from_call, fault.to_call]
    elif isinstance(fault, Always):
        rule, probability = [RANDOM, 0, 0], 1.0
    elif isinstance(fault, FaultWindow):
        rule = [WINDOW, fault.from_ns, fault.until_ns]
    elif isinstance(fault, Random):
        rule, probability = [RANDOM, 0, 0], fault.probability_ratio
    else:
        raise TypeError(f"fault {fault.kind} has no kernel")
    stream_key = parameters.key_of(fault.stream(context.seed, index))
    floats = map(parameters.word_of, (fault.slower, probability))
    concerned = fault.concerned(context.keys, context.seed, index)
    table = (
        layout.NOBODY
        if concerned is None
        else parameters.write(concerned.astype(np.int64))
    )
    each_key = fault.counts_each_key
    counts = parameters.reserve(len(context.keys) if each_key else 1)
    whom = [fault.cacheable, table, counts, each_key]
    return [*rule, fault.status, takes, stream_key, *floats, *whom]
