"""Path rules: which orders of layers make a path."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from simcoalesce.model.layer import Layer

_END: Final = "origin"
_WAITED_AT: Final = frozenset(
    (
        "single_flight",
        "durable_object",
        "lock",
        "waiting_list",
        "bounded_retries",
        "cdn",
    )
)
"""Layers at which requests wait: what was true before may be false behind."""


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
        elif kind in before and not layer.repeats and not _is_apart(kind, before):
            message = (
                f"{kind} comes a second time, with no {' or '.join(sorted(_WAITED_AT))}"
                " between: it would see the same as the first"
            )
            yield PathFault(index, message)


def _behind_the_end(kind: str) -> str:
    if kind == _END:
        return "a path has one origin, at its end; remove this one"
    return f"no request gets behind the origin; put {kind} before it"


def _is_apart(kind: str, before: Sequence[str]) -> bool:
    last = len(before) - 1 - before[::-1].index(kind)
    return not _WAITED_AT.isdisjoint(before[last + 1 :])


def path_warnings(layers: Sequence[Layer]) -> Iterator[str]:
    """Yield what is allowed in a path and yet seldom meant."""
    kinds = [layer.kind for layer in layers]
    if "kv.write" in kinds and "kv.read" not in kinds:
        yield "the path writes to KV and never reads from it (kv.write without kv.read)"
    if "kv.read" in kinds and "kv.write" not in kinds:
        yield "the path reads from KV and never writes to it (kv.read without kv.write)"
