"""Kinds: what values of kernels are, in Python and in LLVM."""

from enum import Enum
from typing import Any, Final, NamedTuple, TypeGuard, get_args

from llvmlite import ir

from simcoalesce.compiled.kernel import Numbers, Steps, Word
from simcoalesce.compiled.record import Record

I64: Final = ir.IntType(64)
I1: Final = ir.IntType(1)
F64: Final = ir.DoubleType()


class Kind(Enum):
    """A kind of values; its value is what people call it."""

    WHOLE = "an int"
    WORD = "a Word"
    FLOAT = "a float"
    TRUTH = "a bool"
    NUMBERS = "Numbers"
    NOTHING = "None"


Kinds = Kind | tuple[Kind, ...] | type[Record]
"""A kind, those of a tuple, or a class of records."""

_KIND_OF: Final[dict[Any, Kind]] = {
    int: Kind.WHOLE,
    Word: Kind.WORD,
    float: Kind.FLOAT,
    bool: Kind.TRUTH,
    Numbers: Kind.NUMBERS,
    None: Kind.NOTHING,
    Steps: Kind.WHOLE,
}
_LLVM: Final = {
    Kind.WHOLE: I64,
    Kind.WORD: I64,
    Kind.FLOAT: F64,
    Kind.TRUTH: I1,
    Kind.NUMBERS: I64.as_pointer(),
    Kind.NOTHING: ir.VoidType(),
}
RECORD: Final = ir.LiteralStructType([I64.as_pointer(), I64])
"""A record: the memory, and its address there."""


class Value(NamedTuple):
    """A value of a kernel: LLVM's, and its kind."""

    code: Any
    kind: Kinds


def kind_of(annotation: Any) -> Kinds:
    """Return what an annotation means.

    Raises:
        KeyError: If it means nothing here.
    """
    if is_record(annotation):
        return annotation
    if annotation != Steps and (parts := get_args(annotation)):
        return tuple(_KIND_OF[one] for one in parts)
    return _KIND_OF[annotation]


def llvm_type(kind: Kinds) -> Any:
    """Return the type that LLVM has for a kind."""
    if isinstance(kind, tuple):
        return ir.LiteralStructType([_LLVM[one] for one in kind])
    return _LLVM[kind] if isinstance(kind, Kind) else RECORD


def said(kind: Kinds) -> str:
    """Return what people call a kind.

    >>> said(Kind.WHOLE), said((Kind.WHOLE, Kind.TRUTH))
    ('an int', 'a tuple of 2')
    """
    if isinstance(kind, tuple):
        return f"a tuple of {len(kind)}"
    return kind.value if isinstance(kind, Kind) else f"a {kind.__name__}"


def is_record(kind: Any) -> TypeGuard[type[Record]]:
    """Say whether a kind is a class of records."""
    return isinstance(kind, type) and issubclass(kind, Record)
