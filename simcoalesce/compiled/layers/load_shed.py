"""load_shed, as `model.layers.load_shed` has it."""

from typing import Final

from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.hash_table import block_of, table_key_of
from simcoalesce.compiled.kernel import Steps, Word, inner
from simcoalesce.compiled.load_control import (
    LoadControlLevel,
    fill_control,
    instance_of_state,
    refuse,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import GO_DOWN, GO_UP, Frame, State, Task
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.load_shed import LoadShed

_NEVER_REFUSED: Final = 1 << 62


class LoadShedLevel(LoadControlLevel):
    """What the layer is told."""

    classes: int
    """Where its classes begin."""
    count: int
    """How many there are."""
    stream: Word


class ClassRecord(Record):
    """Requests that are refused from the same load on."""

    above: int
    keys: int
    """Where it says whether it has each key, or nobody: the draw decides."""
    begins: float
    ends: float
    """Between which draws it has a request."""


class Load(Record):
    """How many requests are under way behind the layer."""

    under_way: int


class LoadShedFrame(Frame):
    """What it keeps of a task."""

    load: Link[Load]


@inner
def step(m: State, task: Task, own: LoadShedLevel, mine: LoadShedFrame) -> Steps:
    """Refuse requests of the lower classes before the others."""
    table_key = table_key_of(own, instance_of_state(m, task, own), 0)
    load = Load(m, block_of(m, table_key, Load.width))
    if load.under_way >= _limit_of(m, task, own):
        return refuse(m, task, own, 503, 0)
    load.under_way += 1
    mine.load = load
    yield GO_DOWN
    mine.load.under_way -= 1
    return GO_UP


@inner
def close(mine: LoadShedFrame) -> bool:
    """Let a client leave."""
    mine.load.under_way -= 1
    return False


@inner
def _limit_of(m: State, task: Task, own: LoadShedLevel) -> int:
    """Return how many requests may be under way with one."""
    drawn = uniform(own.stream, task.request, 0)
    for index in range(own.count):
        one = ClassRecord(m, own.classes + index * ClassRecord.width)
        if one.begins <= drawn < one.ends and (
            one.keys == NOBODY or m[one.keys + task.key]
        ):
            return one.above
    return _NEVER_REFUSED


def fill(
    own: LoadShedLevel, layer: LoadShed, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_control(own, layer, context, parameters, "load_shed")
    own.stream = parameters.key_of(context.stream("share"))
    own.count = len(layer.classes)
    records = parameters.records(ClassRecord, own.count)
    own.classes = records[0].at
    for index, record in enumerate(records):
        choice = layer.choice(index, context)
        record.above, record.begins, record.ends = choice.above, *choice.draws
        record.keys = NOBODY
        if choice.keys is not None:
            is_in = [key in choice.keys for key in range(len(context.keys))]
            record.keys = parameters.write(is_in)
