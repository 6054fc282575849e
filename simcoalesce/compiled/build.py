"""Build: all kernels become one object of machine code, which needs no Python.

Numba compiles each entry with all that it calls. That is put together and optimised
once more as a whole: where every caller is known, the failures go that no kernel has,
and with them all that calls Python.
"""

from typing import Any, Final

import llvmlite.binding as llvm
from llvmlite import ir
from numba import cfunc, types
from numba.extending import intrinsic, overload, register_jitable

import simcoalesce.compiled.api  # noqa: F401 - with it all kernels are marked
from simcoalesce.compiled.kernel import EntryPoint, entries, inner_kernels
from simcoalesce.compiled.native import target_machine
from simcoalesce.compiled.prefetch import prefetch

_NUMBERS: Final = types.CPointer(types.int64)  # type: ignore[no-untyped-call]
_OPTIONS: Final[Any] = {"error_model": "numpy"}
"""No kernel divides by zero, so there is nothing to look out for."""
_KNOWN: Final = ("llvm.", "simcoalesce_")


def built() -> bytes:
    """Return the object, which has each entry under its name.

    Raises:
        RuntimeError: If a kernel needs something of Python, which no object has.
    """
    for kernel in inner_kernels:
        register_jitable(**_OPTIONS)(kernel)
    overload(prefetch, inline="always")(_prefetch)
    module = llvm.parse_assembly("")
    for one in entries:
        module.link_in(_module(one))
    target = target_machine()
    _optimise(module, target)
    _check(module)
    code: bytes = target.emit_object(module)
    return code


def _module(one: EntryPoint) -> Any:
    """Return the code of an entry, and of all that it calls."""
    kinds = [types.int64 if is_number else _NUMBERS for is_number in one.is_number]
    compiled = cfunc(types.int64(*kinds), **_OPTIONS)(one.function)
    module = llvm.parse_assembly(compiled.inspect_llvm())
    module.get_function(compiled.native_name).name = one.name
    return module


def _optimise(module: Any, target: Any) -> None:
    """Optimise as a whole what is called from outside by its entries alone."""
    for function in module.functions:
        if not function.is_declaration and not function.name.startswith(_KNOWN):
            function.linkage = "internal"
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    builder = llvm.create_pass_builder(target, options)
    builder.getModulePassManager().run(module, builder)


def _check(module: Any) -> None:
    """Raise if anything is called but kernels and what the processor itself can do."""
    called = (one.name for one in module.functions if one.is_declaration)
    strange = sorted(name for name in called if not name.startswith(_KNOWN))
    if strange:
        raise RuntimeError(f"kernels call what no object has: {', '.join(strange)}")


def _prefetched(typing_context: Any, memory: Any, address: Any) -> Any:  # noqa: ARG001 - numba's form
    signature = types.void(memory, types.int64)

    def generate(context: Any, builder: Any, its: Any, values: Any) -> Any:  # noqa: ARG001
        byte, word = ir.IntType(8), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), word, word, word])
        ask = builder.module.declare_intrinsic("llvm.prefetch.p0", (), kind)
        address = builder.bitcast(
            builder.gep(values[0], [values[1]]), byte.as_pointer()
        )
        # For reading, to be kept near, as data.
        builder.call(ask, [address, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return signature, generate


_ask: Final[Any] = intrinsic(_prefetched)


def _prefetch(memory, address):  # type: ignore[no-untyped-def]  # noqa: ARG001 - numba's form
    return lambda memory, address: _ask(memory, address)  # noqa: PLW0108 - numba's form
