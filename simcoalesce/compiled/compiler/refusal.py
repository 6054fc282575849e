"""Refusals: what the compiler does not know, and where it stands."""

import ast
from collections.abc import Callable
from typing import Any, Final

UNKNOWN: Final = "a kernel has nothing of this kind"


class NotAKernelError(SyntaxError):
    """A function holds something that no kernel may hold."""


def refused(file: str, node: ast.AST, reason: str) -> NotAKernelError:
    """Return an error that names file and line.

    Args:
        file: Where the kernel is written.
        node: What is wrong in it.
        reason: What is wrong with it.
    """
    line = getattr(node, "lineno", 0)
    return NotAKernelError(f"{file}:{line}: {reason}: {ast.unparse(node):.60}")


def method_of(emits: object, node: ast.AST) -> Callable[[Any], Any]:
    """Return the method that is called as a kind of node, e.g. `_augassign`.

    Raises:
        TypeError: If there is none.
    """
    method = getattr(emits, f"_{type(node).__name__.lower()}", None)
    if method is None:
        raise TypeError(UNKNOWN)
    return method
