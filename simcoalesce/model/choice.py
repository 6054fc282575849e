"""Choice among several servers, of those that may be asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from simcoalesce.model.layer_context import LayerContext
from simcoalesce.randomness import Stream
from simcoalesce.request import Request
from simcoalesce.spec import Spec

Choose: TypeAlias = Callable[[Request, Sequence[int]], int]
"""Returns which one of some servers, by their numbers, a request asks."""


class Nearest(Spec):
    """The server of each location."""

    nearest: Annotated[dict[str, str], Field(min_length=1)]
    """Its name, by location, e.g. {icn: us}; the first for all others."""


class ByWeight(Spec):
    """Any server, by weight."""

    random: Annotated[
        dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]],
        Field(min_length=1),
    ]
    """Its weight, by name; who has none is asked only if all that have are out."""


Choice: TypeAlias = Literal["failover", "round_robin"] | Nearest | ByWeight


def named(choice: Choice) -> Iterator[str]:
    """Yield the servers that a choice names."""
    if isinstance(choice, Nearest):
        yield from choice.nearest.values()
    if isinstance(choice, ByWeight):
        yield from choice.random


def shares(choice: Choice, names: Sequence[str]) -> Mapping[str, float]:
    """Return which share of the calls each server gets if none is out, roughly."""
    weights: Mapping[str, float] = dict.fromkeys(names, 1.0)
    if choice == "failover":
        weights = {names[0]: 1.0}
    if isinstance(choice, Nearest):
        weights = dict.fromkeys(named(choice), 1.0)
    if isinstance(choice, ByWeight):
        weights = choice.random
    whole = sum(weights.values())
    return {name: weights.get(name, 0.0) / whole for name in names}


def chooser(choice: Choice, names: Sequence[str], context: LayerContext) -> Choose:
    """Return what chooses in one run, where a layer stands."""
    if isinstance(choice, Nearest):
        known = (choice.nearest.get(it, names[0]) for it in context.locations)
        return _nearest([names.index(name) for name in known])
    if isinstance(choice, ByWeight):
        weights = [choice.random.get(name, 0.0) for name in names]
        return _by_weight(weights, context.stream("choose"))
    return _in_turn() if choice == "round_robin" else lambda _, alive: alive[0]


def _nearest(server_of: Sequence[int]) -> Choose:
    def nearest(request: Request, alive: Sequence[int]) -> int:
        own = server_of[request.location]
        return own if own in alive else alive[0]

    return nearest


def _in_turn() -> Choose:
    turn = -1

    def next_one(_: Request, alive: Sequence[int]) -> int:
        nonlocal turn
        turn += 1
        return alive[turn % len(alive)]

    return next_one


def _by_weight(weights: Sequence[float], stream: Stream) -> Choose:
    def drawn(request: Request, alive: Sequence[int]) -> int:
        sums = [*accumulate(weights[one] for one in alive)]
        point = stream.uniform(request.id, request.attempt) * sums[-1]
        ends = zip(alive, sums, strict=True)
        return next((one for one, end in ends if point < end), alive[0])

    return drawn
