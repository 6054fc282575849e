"""Objects of a namespace, as `model.objects` has them, and the hops to them."""

from simcoalesce.compiled import layout
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.object_queue import (
    FIRST,
    IDLE_SINCE,
    INSTANCE,
    LAST,
    LEAVES_FIRST,
    LEAVES_LAST,
    READY,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import (
    DOMAIN,
    FIRST_OBJECT,
    INSTANCE_WIDTH,
    IS_SHARDED,
    OBJECT_LOCATION,
    OBJECTS,
    SHARD_KEY,
    at,
    draw,
    frame,
    instance_of,
    location_of,
)
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.durable_object import DurableObject
from simcoalesce.randomness import Stream

HOP, HOP_BACK, HOPS, HOPS_BACK, AT_LOCATION, FIRST_USE, EVICTION = range(10, 17)


@inner
def new_domain(m: Numbers, instance: int) -> None:
    """Let an object lose all that it had in memory."""
    m[layout.DOMAINS] += 1
    m[instance + DOMAIN] = m[layout.DOMAINS]


@inner
def object_of(m: Numbers, task: int, level: int) -> int:
    """Return the request's object; the first to ask brings it into being."""
    instance = instance_of(m, task, level)
    if m[instance + DOMAIN] != 0:
        return instance
    own = at(level)
    first_use = draw(
        m, m[own + FIRST_USE], m[task + layout.ID], m[task + layout.ATTEMPT]
    )
    new_domain(m, instance)
    m[instance + READY] = m[layout.NOW] + first_use
    location = m[own + AT_LOCATION]
    if location == layout.NOBODY:
        location = location_of(m, task, level)
    m[instance + OBJECT_LOCATION] = location
    m[instance + IDLE_SINCE] = m[instance + READY]
    m[instance + FIRST] = m[instance + LAST] = layout.NOBODY
    m[instance + LEAVES_FIRST] = m[instance + LEAVES_LAST] = layout.NOBODY
    return instance


@inner
def hop(m: Numbers, task: int, level: int, usual: int, pairs: int) -> int:
    """Return the time of a hop to the object, or back."""
    own = at(level)
    sampler = m[own + usual]
    table = m[own + pairs]
    if table != layout.NOBODY:
        there = m[m[frame(task, level) + INSTANCE] + OBJECT_LOCATION]
        here = location_of(m, task, level)
        special = m[table + here * m[layout.LOCATIONS] + there]
        sampler = sampler if special == layout.NOBODY else special
    return draw(m, sampler, m[task + layout.ID], m[task + layout.ATTEMPT])


def encode(
    layer: DurableObject, context: LayerContext, level: int, parameters: Parameters
) -> None:
    """Write the parameters of the objects of a level."""
    row = parameters.levels[level]
    count = 1
    if layer.id_from == "key":
        count = len(context.keys)
    elif layer.id_from != "global":
        count = layer.id_from.shards
        row[IS_SHARDED] = 1
        row[SHARD_KEY] = parameters.key_of(Stream(0, "durable_object.shards"))
    row[FIRST_OBJECT] = parameters.reserve(count * INSTANCE_WIDTH)
    if layer.id_from == "key":
        parameters.head[layout.OBJECT_OF_KEY] = row[FIRST_OBJECT]
    row[OBJECTS] = count
    row[AT_LOCATION] = layout.NOBODY
    if layer.location != "first_request":
        row[AT_LOCATION] = context.index_of(layer.location)
    row[FIRST_USE] = parameters.sampler(context.sampler(layer.first_use, "first_use"))
    row[EVICTION] = parameters.or_nobody(layer.eviction_after_ns)
    for name, usual, pairs in (("hop", HOP, HOPS), ("hop_back", HOP_BACK, HOPS_BACK)):
        row[usual] = parameters.sampler(context.sampler(layer.hop, name))
        between = layer.hops_between(context, name)
        row[pairs] = parameters.pairs(between) if between else layout.NOBODY
