"""Path rules: which orders of layers make a path."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from simcoalesce.model.layer import Layer

_END: Final = "origin"


class PathFault(NamedTuple):
    """What is wrong with a path, and at which of its layers; None is all of it."""

    at: int | None
    message: str


def path_faults(layers: Sequence[type[Layer]]) -> Iterator[PathFault]:
    """Yield what is wrong with the order of layers.

    A path ends at its one origin. A layer may come again if it says that this makes
    sense (a retry around a retry), or if requests wait somewhere between: a second
    look into a cache directly after the first would see the same.
    """
    kinds = [layer.model_fields["kind"].default for layer in layers]
    if not kinds:
        yield PathFault(
            None, "the path is empty; write e.g. [kv.read, kv.write, origin]"
        )
        return
    if _END not in kinds:
        yield PathFault(None, "the path has no origin; end it with origin")
    for index, (kind, layer) in enumerate(zip(kinds, layers, strict=True)):
        before = kinds[:index]
        if _END in before:
            yield PathFault(index, _behind_the_end(kind))
        elif layer in layers[:index] and not _may_repeat(layer, layers[:index]):
            message = (
                f"{kind} comes a second time, with nothing to wait for between, such as"
                " single_flight or lock: it would see the same as the first"
            )
            yield PathFault(index, message)


def _behind_the_end(kind: str) -> str:
    if kind == _END:
        return "a path has one origin, at its end; remove this one"
    return f"no request gets behind the origin; put {kind} before it"


def _may_repeat(layer: type[Layer], before: Sequence[type[Layer]]) -> bool:
    last = len(before) - 1 - before[::-1].index(layer)
    return layer.repeats or any(other.makes_wait for other in before[last + 1 :])


def path_warnings(layers: Sequence[Layer]) -> Iterator[str]:
    """Yield what is allowed in a path and yet seldom meant."""
    kinds = [layer.kind for layer in layers]
    if "kv.write" in kinds and "kv.read" not in kinds:
        yield "the path writes to KV and never reads from it (kv.write without kv.read)"
    if "kv.read" in kinds and "kv.write" not in kinds:
        yield "the path reads from KV and never writes to it (kv.read without kv.write)"
