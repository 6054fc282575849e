"""Tiers, as `model.tier` has them: which cache a request asks, and how far it is."""

from simcoalesce.compiled.instances import location_of
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import Level, SamplerRecord, State, Task
from simcoalesce.compiled.tasks import draw, sleep_for
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.tier import TieredLayer


class TieredLevel(Level):
    """What such a layer is told."""

    tiers: int
    """Where it says of each location which cache it asks."""
    there: int
    """Where it names the samplers of the way from each location, and back."""
    back: int


@inner
def tier_of(m: State, task: Task, own: TieredLevel) -> int:
    """Return which of its caches a request asks."""
    return m[own.tiers + location_of(m, task, own)]


@inner
def go_there(m: State, task: Task, own: TieredLevel) -> int:
    """Let a request go to the cache."""
    return sleep_for(m, task, own, _way(m, task, own, own.there), clock.START)


@inner
def go_back(m: State, task: Task, own: TieredLevel) -> int:
    """Let an answer come back; the last byte of its body takes as long as the first."""
    way = _way(m, task, own, own.back)
    task.answer.complete_at += way
    return sleep_for(m, task, own, way, clock.ANSWER)


@inner
def _way(m: State, task: Task, own: TieredLevel, ways: int) -> int:
    return draw(m, SamplerRecord(m, m[ways + location_of(m, task, own)]), task)


def fill_tiers(
    own: TieredLevel, layer: TieredLayer, context: LayerContext, parameters: Parameters
) -> None:
    """Write which caches there are, and how far they are."""
    own.tiers = parameters.write([*layer.tier_at(context)])
    own.there = _ways(layer, context, parameters, "hop")
    own.back = _ways(layer, context, parameters, "hop_back")


def _ways(
    layer: TieredLayer, context: LayerContext, parameters: Parameters, name: str
) -> int:
    """Write the samplers of a way; return where they are named."""
    usual, own = layer.ways(context, name)
    at = parameters.sampler(usual).at
    others = {index: parameters.sampler(one).at for index, one in own.items()}
    return parameters.write(
        [others.get(index, at) for index in range(len(context.locations))]
    )
