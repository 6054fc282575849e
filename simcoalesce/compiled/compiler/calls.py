"""Calls of Python's and numpy's own functions, and of `prefetch`."""

from collections.abc import Callable
from functools import partial, reduce
from typing import Any, Final

import numpy as np
from llvmlite import ir

from simcoalesce.compiled.compiler.kind import F64, I64, Kind, Value, said
from simcoalesce.compiled.compiler.operators import Operators
from simcoalesce.compiled.prefetch import prefetch

BUILTINS: Final[dict[str, Any]] = {
    one.__name__: one for one in (int, float, bool, min, max)
}
"""What a kernel may call without importing it."""


def _int(operators: Operators, value: Value) -> Value:
    """Emit a whole number: the same bits of a Word, a float without its fraction."""
    match value.kind:
        case Kind.WORD:
            return Value(value.code, Kind.WHOLE)
        case Kind.FLOAT:
            return Value(operators.builder.fptosi(value.code, I64), Kind.WHOLE)
    return operators.to(value, Kind.WHOLE)


def _word(operators: Operators, value: Value) -> Value:
    if value.kind is Kind.WORD:
        return value
    return Value(operators.to(value, Kind.WHOLE).code, Kind.WORD)


def _float(operators: Operators, value: Value) -> Value:
    if value.kind is Kind.WORD:
        return Value(operators.builder.uitofp(value.code, F64), Kind.FLOAT)
    return operators.to(value, Kind.FLOAT)


def _bool(operators: Operators, value: Value) -> Value:
    return Value(operators.truth(value), Kind.TRUTH)


def _min(operators: Operators, *values: Value) -> Value:
    return reduce(partial(operators.second, sign=">"), values)


def _max(operators: Operators, *values: Value) -> Value:
    return reduce(partial(operators.second, sign="<"), values)


def _of_float(operators: Operators, value: Value, *, name: str) -> Value:
    """Emit what LLVM has under a name, rounded as IEEE 754 demands."""
    number = operators.to(value, Kind.FLOAT)
    intrinsic = operators.builder.module.declare_intrinsic(f"llvm.{name}", [F64])
    return Value(operators.builder.call(intrinsic, [number.code]), Kind.FLOAT)


def _prefetch(operators: Operators, memory: Value, index: Value) -> Value:
    if memory.kind is not Kind.NUMBERS:
        raise TypeError(f"{said(memory.kind)} has no index")
    builder, byte, word = operators.builder, ir.IntType(8), ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), word, word, word])
    ask = builder.module.declare_intrinsic("llvm.prefetch.p0", (), kind)
    number = builder.gep(memory.code, [index.code], source_etype=I64)
    # For reading, to be kept near, as data.
    asked = [builder.bitcast(number, byte.as_pointer()), word(0), word(3), word(1)]
    return Value(builder.call(ask, asked), Kind.NOTHING)


EMITTED: Final[dict[Any, Callable[..., Value]]] = {
    int: _int,
    np.int64: _int,
    np.uint64: _word,
    float: _float,
    np.float64: _float,
    bool: _bool,
    min: _min,
    max: _max,
    np.rint: partial(_of_float, name="rint"),
    np.sqrt: partial(_of_float, name="sqrt"),
    prefetch: _prefetch,
}
"""What emits a call; it raises TypeError if the arguments do not do."""
