"""Kernels: plain functions, marked for the compiler; Python calls some of them.

Nothing is compiled here. `build` compiles all of them at once, into one object that
`native` loads; a process that finds it does not even import the compiler.
"""

from collections.abc import Callable, Generator
from inspect import signature
from typing import (
    Any,
    Final,
    Protocol,
    SupportsIndex,
    SupportsInt,
    TypeAlias,
    TypeVar,
)

import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

Word: TypeAlias = np.uint64
"""64 bits without a sign."""


Steps: TypeAlias = Generator[int, None, int]
"""What a kernel says that goes on later, behind each `yield`; at last it returns."""


class Numbers(Protocol):
    """Numbers of 64 bits in one piece; a kernel does not know how many."""

    def __getitem__(self, index: SupportsIndex, /) -> int:
        """Return a number."""

    def __setitem__(self, index: SupportsIndex, number: SupportsInt, /) -> None:
        """Write a number."""


entries: Final[list["EntryPoint"]] = []
"""Those that Python calls."""


def inner(function: F) -> F:
    """Mark a kernel that only kernels call."""
    return function


class EntryPoint:
    """A kernel that Python calls, once it is compiled.

    Of an array of int64 in one piece the kernel gets a pointer: its length is no part
    of it.

    Attributes:
        function: The kernel.
        name: What the compiled object calls it.
        is_number: Of each argument, whether it is a number.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name = f"simcoalesce_{function.__name__}"
        parameters = signature(function).parameters.values()
        self.is_number = tuple(one.annotation is int for one in parameters)
        self._compiled: Callable[..., int] | None = None

    def __call__(self, *arguments: Any) -> int:
        """Call the compiled kernel, and let other threads run meanwhile."""
        if self._compiled is None:
            from simcoalesce.compiled.native import compiled  # noqa: PLC0415 - loads LLVM

            self._compiled = compiled(self)
        return self._compiled(*arguments)


def entry(function: Callable[..., Any]) -> EntryPoint:
    """Mark a kernel that Python calls."""
    entries.append(EntryPoint(function))
    return entries[-1]
