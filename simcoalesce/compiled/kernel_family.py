"""Kernels of a family: each file of a folder has those of a member.

It is called as the file that has the member. Each kernel names those of its arguments
that it needs; their annotations say which records of its own it has. A file may have
`fill`, which writes what the fields of a member do not say under the same names.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar

from simcoalesce.compiled.record import Record
from simcoalesce.compiled.switch import asked
from simcoalesce.discovery import files

R = TypeVar("R", bound=Record)


class KernelFamily:
    """The kernels of a family.

    Args:
        package: The dotted name of the folder that holds their files.
    """

    def __init__(self, package: str) -> None:
        self._package = package

    def kernels(
        self, name: str, otherwise: Callable[..., Any] | None = None
    ) -> list[Callable[..., Any]]:
        """Return what is called so in each file, by the number of the file.

        Args:
            name: What it is called.
            otherwise: What stands for it in a file that has none.
        """
        found = [_file(self._package, one) for one in _names(self._package)]
        return [getattr(one, name, otherwise) or getattr(one, name) for one in found]

    def number_of(self, member: type) -> int:
        """Return the number of the file that has the kernels of a member."""
        return _names(self._package).index(_name_of(member))

    def kernels_of(self, member: type) -> ModuleType:
        """Return the kernels of a member."""
        return _file(self._package, _name_of(member))

    def record_of(self, member: type, kernel: str, name: str, base: type[R]) -> type[R]:
        """Return which record a kernel of a member asks for under a name.

        Args:
            member: The member.
            kernel: The name of the kernel.
            name: The name of the argument.
            base: The record of all members, if it does not ask for one of its own.
        """
        asked = _asked(getattr(self.kernels_of(member), kernel))
        record: type[R] = asked.get(name, base)
        return record

    def fill(self, member: type, **given: Any) -> None:
        """Let a member write what its fields do not say, if it does.

        Args:
            member: The member.
            given: What it may ask for.
        """
        fill = getattr(self.kernels_of(member), "fill", None)
        if fill is not None:
            fill(**{name: given[name] for name in _asked(fill)})


@cache
def _names(package: str) -> list[str]:
    return files(package)


@cache
def _file(package: str, name: str) -> ModuleType:
    return import_module(f"{package}.{name}")


_asked = cache(asked)


def _name_of(member: type) -> str:
    return member.__module__.rpartition(".")[2]
