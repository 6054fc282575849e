"""Coverage: which paths can be compiled. It loads no kernel, so it is cheap to ask."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from itertools import chain
from typing import Any, Final

from simcoalesce.model.change import EdgeChange
from simcoalesce.model.layer import Layer
from simcoalesce.model.layers.origins import Origins
from simcoalesce.model.scope import Scope
from simcoalesce.model.tier import tiers_of

_MODEL: Final = "simcoalesce.model."
_KERNELS: Final = "simcoalesce.compiled."
_LONGEST_PATH: Final = 16
_MOST_PAIRS: Final = 1 << 22
"""More keys x locations than this are left to the other engine."""


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
    strange = [part for part in _parts(path) if not has_kernel(type(part))]
    if strange:
        return f"{strange[0].kind} has no kernel"
    special = [layer for layer in path if layer.needs_simpy]
    if special:
        return f"{special[0].kind} has no kernel for {special[0].needs_simpy}"
    return _rounds_in_object(path)


def _rounds_in_object(path: Sequence[Layer]) -> str:
    """Return which rounds begin inside an object, that they may bring into being."""
    for index, layer in enumerate(path):
        is_inside = any(one.scope is Scope.OBJECT for one in path[:index])
        if is_inside and layer.starts_every_ns:
            return f"{layer.kind} has no kernel for rounds inside an object"
    return ""


def _too_large(path: Sequence[Layer], keys: int, locations: int) -> str:
    """Return what would take too much memory; empty if nothing."""
    if sum(len(tiers_of(layer)) for layer in path) > _LONGEST_PATH:
        return f"the path has more than {_LONGEST_PATH} layers and tiers"
    if keys * locations > _MOST_PAIRS:
        return f"there are more than {_MOST_PAIRS:,} keys x locations"
    return ""


@cache
def _has_compiler() -> bool:
    return find_spec("llvmlite") is not None


def _parts(path: Sequence[Layer]) -> list[Any]:
    """Return the layers, and the members of families that they hold."""
    several = (one.of.values() for one in path if isinstance(one, Origins))
    layers = [*path, *chain.from_iterable(several)]
    parts: list[Any] = [*layers]
    for layer in layers:
        parts.extend(getattr(layer, "rate_limit", ()))
        parts.extend(getattr(layer, "faults", ()))
    return parts


def has_kernel(member: type) -> bool:
    """Whether a member of a family has a file of kernels, called as its own."""
    return _has_file(member.__module__)


@cache
def _has_file(module: str) -> bool:
    folder, _, name = module.rpartition(".")
    if not folder.startswith(_MODEL):
        return False
    kernels = f"{_KERNELS}{folder.removeprefix(_MODEL)}.{name}"
    return find_spec(kernels) is not None
