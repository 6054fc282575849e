"""Choice among several servers, of those that may be asked, as `model.choice` has it.

Servers are bits of a number: the first is 1, the next 2, and so on.
"""

from collections.abc import Sequence
from typing import Final

from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.kernel import Word, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import Record
from simcoalesce.compiled.state import State, Task
from simcoalesce.model.choice import ByWeight, Choice, Nearest
from simcoalesce.model.layer_context import LayerContext

_FIRST, _IN_TURN, _NEAREST, _BY_WEIGHT = range(4)
_NAMED: Final = {"failover": _FIRST, "round_robin": _IN_TURN}


class ChoiceRecord(Record):
    """How servers are chosen."""

    rule: int
    servers: int
    """How many there are."""
    turn: int
    nearest: int
    """Where it names the server of each location."""
    weights: int
    """Where their weights are."""
    stream: Word


class WeightRecord(Record):
    """The weight of a server."""

    weight: float


@inner
def choose(m: State, task: Task, choice: ChoiceRecord, alive: int) -> int:
    """Return which of the servers that may be asked a task asks."""
    if choice.rule == _NEAREST and alive >> m[choice.nearest + task.location] & 1:
        return m[choice.nearest + task.location]
    if choice.rule == _IN_TURN:
        choice.turn += 1
        return _one_of(alive, (choice.turn - 1) % _count(alive))
    first = _one_of(alive, 0)
    return _drawn(m, task, choice, alive, first) if choice.rule == _BY_WEIGHT else first


@inner
def _count(alive: int) -> int:
    """Return how many servers there are of some."""
    count, left = 0, alive
    while left:
        count += left & 1
        left >>= 1
    return count


@inner
def _one_of(alive: int, index: int) -> int:
    """Return one of some servers, by its index among them."""
    one, before = 0, 0
    while before < index or not alive >> one & 1:
        before += alive >> one & 1
        one += 1
    return one


@inner
def _drawn(m: State, task: Task, choice: ChoiceRecord, alive: int, first: int) -> int:
    """Return one of some servers by their weights; the first if none has any."""
    whole = 0.0
    for one in range(choice.servers):
        if alive >> one & 1:
            whole += WeightRecord(m, choice.weights + one).weight
    point, end = uniform(choice.stream, task.request, task.attempt) * whole, 0.0
    for one in range(choice.servers):
        if alive >> one & 1:
            end += WeightRecord(m, choice.weights + one).weight
            if point < end:
                return one
    return first


def fill_choice(
    record: ChoiceRecord,
    choice: Choice,
    names: Sequence[str],
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write how servers with some names are chosen."""
    record.servers = len(names)
    if isinstance(choice, Nearest):
        known = (choice.nearest.get(it, names[0]) for it in context.locations)
        record.rule = _NEAREST
        record.nearest = parameters.write([names.index(name) for name in known])
    elif isinstance(choice, ByWeight):
        record.rule = _BY_WEIGHT
        record.stream = parameters.key_of(context.stream("choose"))
        weights = parameters.records(WeightRecord, len(names))
        record.weights = weights[0].at
        for name, one in zip(names, weights, strict=True):
            one.weight = choice.random.get(name, 0.0)
    else:
        record.rule = _NAMED[choice]
