"""Objects of a namespace, as `model.objects` has them, and the hops to them."""

import numpy as np

from simcoalesce.compiled.flights import FlightFrame, FlightsLevel
from simcoalesce.compiled.instances import (
    ObjectRecord,
    instance_of,
    location_of,
)
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Link
from simcoalesce.compiled.state import SamplerRecord, State, Task
from simcoalesce.compiled.tasks import draw
from simcoalesce.compiled.timers import Timer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.durable_object import DurableObject
from simcoalesce.randomness import Stream

NO_TURN, QUEUES, HAS_TURN, ANSWERS = range(4)
"""What a task has to do with the mutex of its object."""


class DurableObjectLevel(FlightsLevel):
    """What the layer is told."""

    hop: Link[SamplerRecord]
    hop_back: Link[SamplerRecord]
    hops: int
    """Where the samplers are by pair of locations, or nobody; then those back."""
    hops_back: int
    location: int
    """Where objects live; nobody if it is where each is first asked for."""
    first_use: Link[SamplerRecord]
    eviction_after_ns: int
    serializes: bool
    block_limit_ns: int
    throws: bool
    resets: bool
    is_rpc: bool
    service_time: Link[SamplerRecord]
    storage_time: Link[SamplerRecord]
    storage_after: Link[SamplerRecord]
    spacing_ns: int
    shuts: bool
    """Whether what is inside it awaits its storage."""
    is_instant: bool
    """Whether turns of an object's thread take no time."""
    queue_limit: int
    queue_timeout_ns: int


class ObjectFrame(FlightFrame):
    """What it keeps of a task."""

    instance: Link[ObjectRecord]
    is_inside: bool
    """Whether it keeps the object active."""
    turn: int
    timer: Link[Timer]
    """The one that it has set while it holds the mutex, or queues for it."""


@inner
def set_out(mine: ObjectFrame, instance: ObjectRecord) -> None:
    """Begin what is kept of a task on its way into an object."""
    mine.leads, mine.is_inside = False, False
    mine.instance, mine.turn = instance, NO_TURN


@inner
def new_domain(m: State, instance: ObjectRecord) -> None:
    """Let an object lose all that it had in memory."""
    m.domains += 1
    instance.domain = m.domains


@inner
def object_of(m: State, task: Task, own: DurableObjectLevel) -> ObjectRecord:
    """Return the request's object; the first to ask brings it into being."""
    instance = instance_of(m, task, own)
    if instance.domain != 0:
        return instance
    first_use = draw(m, own.first_use, task)
    new_domain(m, instance)
    instance.ready = m.now + first_use
    instance.location = own.location
    if own.location == NOBODY:
        instance.location = location_of(m, task, own)
    instance.idle_since = instance.ready
    return instance


@inner
def hop_of(
    m: State, task: Task, own: DurableObjectLevel, usual: SamplerRecord, pairs: int
) -> int:
    """Return the time of a hop to the object, or back."""
    sampler = usual
    if pairs != NOBODY:
        here, there = location_of(m, task, own), instance_of(m, task, own).location
        special = SamplerRecord(m, m[pairs + here * m.locations + there])
        sampler = special or usual
    return draw(m, sampler, task)


def fill_objects(
    own: DurableObjectLevel,
    layer: DurableObject,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write which objects there are, and reserve memory for them."""
    own.objects = 1
    if layer.id_from == "key":
        own.objects = len(context.keys)
    elif layer.id_from != "global":
        own.objects, own.is_sharded = layer.id_from.shards, True
        own.shard_key = np.uint64(Stream(0, "durable_object.shards").key)
    own.first_object = parameters.reserve(own.objects * ObjectRecord.width)
    if layer.id_from == "key":
        parameters.state.objects_by_key = own.first_object
    own.location = NOBODY
    if layer.location != "first_request":
        own.location = context.index_of(layer.location)
    first_use = context.sampler(layer.first_use, "first_use")
    own.first_use = parameters.sampler(first_use)


def fill_hops(
    own: DurableObjectLevel,
    layer: DurableObject,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write how long hops to objects take, and hops back."""
    for name in ("hop", "hop_back"):
        usual = context.sampler(layer.hop, name)
        setattr(own, name, parameters.sampler(usual))
    there, back = (layer.hops_between(context, one) for one in ("hop", "hop_back"))
    own.hops = parameters.pairs(there) if there else NOBODY
    own.hops_back = parameters.pairs(back) if back else NOBODY
