"""Values of a kernel: constants, and what two values become together."""

from typing import Any

import numpy as np
from llvmlite import ir

from simcoalesce.compiled.compiler.kind import F64, I1, I64, Kind, Kinds, Value, said


def constant(value: Any) -> Value:
    """Return a number that is known before a kernel runs.

    Raises:
        TypeError: If it is none.
    """
    if isinstance(value, bool | np.bool_):
        return Value(ir.Constant(I1, int(value)), Kind.TRUTH)
    if isinstance(value, np.uint64):
        return Value(ir.Constant(I64, int(value)), Kind.WORD)
    if isinstance(value, int | np.integer):
        return Value(ir.Constant(I64, int(value)), Kind.WHOLE)
    if isinstance(value, float):
        return Value(ir.Constant(F64, float(value)), Kind.FLOAT)
    raise TypeError("it is no number")


def viewed(builder: ir.IRBuilder, value: Value, kind: Any) -> Value:
    """Return the same bits as another kind, as `numpy.ndarray.view` does."""
    match value.kind, kind:
        case Kind.FLOAT, np.int64:
            return Value(builder.bitcast(value.code, I64), Kind.WHOLE)
        case Kind.WHOLE, np.float64:
            return Value(builder.bitcast(value.code, F64), Kind.FLOAT)
        case Kind.WHOLE, np.uint64:
            return Value(value.code, Kind.WORD)
    raise TypeError(f"{said(value.kind)} is not viewed so")


def shared_kind(one: Kinds, other: Kinds) -> Kinds:
    """Return the kind that two values become together."""
    if one == other:
        return one
    kinds = {one, other}
    if kinds == {Kind.TRUTH, Kind.WHOLE}:
        return Kind.WHOLE
    if Kind.FLOAT in kinds and kinds < {Kind.TRUTH, Kind.WHOLE, Kind.FLOAT}:
        return Kind.FLOAT
    raise TypeError(f"it is {said(one)} or {said(other)}")
