"""durable_storage, as `model.layers.durable_storage` has it."""

from simcoalesce.compiled.instances import object_around
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.lifetime import lifetime
from simcoalesce.compiled.object_storage import await_storage
from simcoalesce.compiled.objects import DurableObjectLevel
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import Record, fields_of
from simcoalesce.compiled.state import (
    GO_DOWN,
    GO_UP,
    LABELS,
    AnswerRecord,
    Level,
    SamplerRecord,
    State,
    Task,
)
from simcoalesce.compiled.tasks import draw
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.durable_storage import DurableStorage
from simcoalesce.outcomes import Lookup, Role

_HIT, _NO_ROLE = int(Lookup.HIT), int(Role.NONE)


class DurableStorageLevel(Level):
    """What the layer is told, and what it stores."""

    ttl_ns: int
    error_ttl: int
    read_latency: SamplerRecord
    write_latency: SamplerRecord
    gets: int
    puts: int
    stored: int
    """Where the value of each key is: an object stands for its keys for ever."""


class StoredAnswer(Record):
    """A value, as a hit brings it, and until when it may be served."""

    expires: int
    answer: AnswerRecord


@inner
def step(m: State, task: Task, own: DurableStorageLevel) -> Steps:
    """Get a value from the storage of an object, or fetch it and put it."""
    own.gets += 1
    takes = draw(m, own.read_latency, task)
    if takes:
        yield await_storage(m, task, own, object_around(m, task, own), takes, LABELS)
    stored = StoredAnswer(m, own.stored + task.key * StoredAnswer.width)
    if m.now < stored.expires:
        task.answer = stored.answer
        return GO_UP
    yield GO_DOWN
    stays = lifetime(m, task, own.ttl_ns, own.error_ttl)
    if stays:
        own.puts += 1
        takes = draw(m, own.write_latency, task)
        if takes:
            instance = object_around(m, task, own)
            yield await_storage(m, task, own, instance, takes, LABELS)
        _store(task, own, stored, m.now + stays)
    return GO_UP


@inner
def _store(
    task: Task, own: DurableStorageLevel, stored: StoredAnswer, expires: int
) -> None:
    stored.expires, stored.answer = expires, task.answer
    answer = stored.answer
    answer.lookup, answer.role = _HIT, _NO_ROLE
    answer.served_by, answer.attempts = own.served_by, 1


def fill(
    own: DurableStorageLevel,
    layer: DurableStorage,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    reads = context.sampler(layer.read_latency, "read_latency")
    writes = context.sampler(layer.write_latency, "write_latency")
    own.read_latency, own.write_latency = map(parameters.sampler, (reads, writes))
    own.error_ttl = parameters.error_ttl(layer.error_ttl)
    parameters.counter(own, "object_rows_read", "gets")
    parameters.counter(own, "object_rows_written", "puts")
    around = DurableObjectLevel(own, own.object_level.at)
    around.shuts |= any(one.constant_ns != 0 for one in (reads, writes))
    stored = parameters.records(StoredAnswer, len(context.keys))
    own.stored = stored[0].at
    for key, (expires_at_ns, answer) in layer.held(context):
        stored[key].expires = expires_at_ns
        for name, value in zip(fields_of(AnswerRecord), answer, strict=False):
            setattr(stored[key].answer, name, value)
