"""Coverage: which paths can be compiled. It loads no kernel, so it is cheap to ask."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

from simcoalesce.model.change import EdgeChange
from simcoalesce.model.layer import Layer
from simcoalesce.model.rate_limit import RateLimit

_LAYERS: Final = "simcoalesce.model.layers"
_KERNELS: Final = "simcoalesce.compiled"
_LONGEST_PATH: Final = 16
_MOST_PAIRS: Final = 1 << 22
"""More keys x locations than this are left to the other engine."""
_MOST_INSTANTS: Final = 1 << 24
"""So are limits that may have to remember more than this."""


def why_not(
    path: Sequence[Layer],
    *,
    keys: int,
    locations: int,
    changes: Sequence[EdgeChange] = (),
) -> str:
    """Return why a path cannot be compiled; empty if it can be.

    Args:
        path: The layers.
        keys: How many keys the traffic has.
        locations: How many locations it has.
        changes: What happens to the edge in mid-run.
    """
    if not _has_compiler():
        return "llvmlite is not installed (pip install 'simcoalesce[speed]')"
    if too_large := _too_large(path, keys, locations):
        return too_large
    if changes:
        return f"changes ({changes[0].kind}) have no kernel"
    strange = [part for part in _parts(path) if not _has_kernel(part)]
    if strange:
        return f"{strange[0].kind} has no kernel"
    special = [layer for layer in path if layer.needs_simpy]
    if special:
        return f"{special[0].kind} has no kernel for {special[0].needs_simpy}"
    return ""


def _too_large(path: Sequence[Layer], keys: int, locations: int) -> str:
    """Return what would take too much memory; empty if nothing."""
    if len(path) > _LONGEST_PATH:
        return f"the path has more than {_LONGEST_PATH} layers"
    if keys * locations > _MOST_PAIRS:
        return f"there are more than {_MOST_PAIRS:,} keys x locations"
    limits: Sequence[RateLimit] = path[-1].rate_limits if path else ()
    counts = (one.remembers * (1 if one.counts_all else keys) for one in limits)
    if sum(counts) > _MOST_INSTANTS:
        return f"its rate limits may remember more than {_MOST_INSTANTS:,} instants"
    return ""


@cache
def _has_compiler() -> bool:
    return find_spec("llvmlite") is not None


def _parts(path: Sequence[Layer]) -> list[Any]:
    """Return the layers, and the members of families that they hold."""
    parts: list[Any] = list(path)
    for layer in path:
        parts.extend(getattr(layer, "rate_limit", ()))
        parts.extend(getattr(layer, "faults", ()))
    return parts


def _has_kernel(part: Any) -> bool:
    if isinstance(part, Layer):
        return bool(kernel_of(type(part)))
    return type(part).__module__.startswith("simcoalesce.model.")


@cache
def kernel_of(layer: type[Layer]) -> str:
    """Return the module that is a layer's kernel, called as its own; empty if none."""
    folder, _, name = layer.__module__.rpartition(".")
    module = f"{_KERNELS}.{name}"
    return module if folder == _LAYERS and find_spec(module) else ""
