"""Pointers: memory without the reference counts and checks of an array."""

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic


def _pointer_to(typing_context: Any, array: Any) -> Any:  # noqa: ARG001 - numba's form
    """Return a pointer to the first number of an array of int64.

    Whoever makes one keeps the array alive as long as the pointer is used.
    """
    signature = types.CPointer(types.int64)(array)  # type: ignore[no-untyped-call]

    def generate(context: Any, builder: Any, its: Any, values: Any) -> Any:
        return context.make_array(its.args[0])(context, builder, values[0]).data

    return signature, generate


def _pointer_from(typing_context: Any, array: Any, first: Any) -> Any:  # noqa: ARG001 - numba's form
    """Return a pointer that finds an array's first number at an index.

    Only what lies in the array may be asked for: numbers before `first` are nowhere.
    """
    signature = types.CPointer(types.int64)(array, types.int64)  # type: ignore[no-untyped-call]

    def generate(context: Any, builder: Any, its: Any, values: Any) -> Any:
        start = context.make_array(its.args[0])(context, builder, values[0]).data
        return builder.gep(start, [builder.neg(values[1])])

    return signature, generate


def _prefetch(typing_context: Any, memory: Any, place: Any) -> Any:  # noqa: ARG001 - numba's form
    """Ask for the numbers at a place of memory, which are needed soon."""
    signature = types.void(memory, types.int64)

    def generate(context: Any, builder: Any, its: Any, values: Any) -> Any:  # noqa: ARG001
        byte, word = ir.IntType(8), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), word, word, word])
        ask = builder.module.declare_intrinsic("llvm.prefetch.p0", (), kind)
        place = builder.bitcast(builder.gep(values[0], [values[1]]), byte.as_pointer())
        # For reading, to be kept near, as data.
        builder.call(ask, [place, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return signature, generate


pointer_to: Any = intrinsic(_pointer_to)
pointer_from: Any = intrinsic(_pointer_from)
prefetch: Any = intrinsic(_prefetch)
