"""Families: every file of a folder is a member, and its name is its kind."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

T = TypeVar("T")


@cache
def members(base: type[T], package: str) -> dict[str, type[T]]:
    """Return the members of a family by their kind, in the order of their file names.

    Args:
        base: The class that each member file subclasses exactly once.
        package: The dotted name of the folder that holds the members.

    Raises:
        TypeError: If a file holds no member, or more than one.
    """
    found: dict[str, type[T]] = {}
    for name in files(package):
        file = import_module(f"{package}.{name}")
        own = [
            thing
            for thing in vars(file).values()
            if isinstance(thing, type)
            and issubclass(thing, base)
            and thing.__module__ == file.__name__
            and not thing.__name__.startswith("_")
        ]
        if len(own) != 1:
            raise TypeError(f"{file.__name__} must hold one {base.__name__}: {own}")
        found[own[0].model_fields["kind"].default] = own[0]  # type: ignore[attr-defined]
    return found


def files(package: str) -> list[str]:
    """Return the names of a family's files, in order, without reading them."""
    return sorted(
        module.name for module in iter_modules(import_module(package).__path__)
    )
