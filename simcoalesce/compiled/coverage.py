"""Coverage: which paths can be compiled. Knows no numba, so it costs nothing to ask."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from simcoalesce.model.layer import Layer

LAYERS: Final = frozenset(
    (
        "kv.read",
        "kv.write",
        "single_flight",
        "durable_object",
        "memory",
        "timeout",
        "retry",
        "origin",
    )
)
"""Kinds of layers that have a kernel."""

_LONGEST_PATH: Final = 16
_MOST_PLACES: Final = 1 << 22
"""More keys x locations than this are left to the other engine."""


def why_not(path: Sequence[Layer], *, keys: int, locations: int) -> str:
    """Return why a path cannot be compiled; empty if it can be.

    Args:
        path: The layers.
        keys: How many keys the traffic has.
        locations: How many locations it has.
    """
    if not _has_compiler():
        return "numba is not installed (pip install 'simcoalesce[speed]')"
    if len(path) > _LONGEST_PATH:
        return f"the path has more than {_LONGEST_PATH} layers"
    if keys * locations > _MOST_PLACES:
        return f"there are more than {_MOST_PLACES:,} keys x locations"
    strange = [part for part in _parts(path) if not _has_kernel(part)]
    return f"{strange[0].kind} has no kernel" if strange else ""


@cache
def _has_compiler() -> bool:
    return find_spec("numba") is not None


def _parts(path: Sequence[Layer]) -> list[Any]:
    """Return the layers, and the members of families that they hold."""
    parts: list[Any] = list(path)
    for layer in path:
        parts.extend(getattr(layer, "rate_limit", ()))
        parts.extend(getattr(layer, "faults", ()))
    return parts


def _has_kernel(part: Any) -> bool:
    if isinstance(part, Layer) and part.kind not in LAYERS:
        return False
    return type(part).__module__.startswith("simcoalesce.model.")
