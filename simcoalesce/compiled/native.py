"""The native kernels: one object of machine code, from the cache if it is there."""

from collections.abc import Callable
from ctypes import CFUNCTYPE, c_int64, c_void_p
from functools import cache
from logging import getLogger
from threading import Lock
from typing import Any, Final

import llvmlite.binding as llvm
import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.compiled.kernel import EntryPoint
from simcoalesce.compiled.object_cache import store, stored

_log: Final = getLogger(__name__)
_WORD: Final = np.dtype(np.int64)
_one_at_a_time: Final = Lock()
"""Shards are threads: the first to call a kernel loads it, and may have to build it."""


class _Numbers(c_void_p):
    """A pointer to an array: `numpy.ctypeslib.ndpointer`, in half the time."""

    @classmethod
    @override
    def from_param(cls, array: NDArray[np.int64]) -> Any:
        """Return the pointer.

        Raises:
            TypeError: If the array is not one of int64 in one piece.
        """
        if array.dtype != _WORD or not array.flags.c_contiguous:
            raise TypeError("a kernel wants an array of int64 in one piece")
        return c_void_p(array.ctypes.data)


def compiled(one: EntryPoint) -> Callable[..., int]:
    """Return the machine code of an entry, as a function that Python can call.

    Raises:
        RuntimeError: If the object has no such entry.
    """
    kinds = [c_int64 if is_number else _Numbers for is_number in one.is_number]
    with _one_at_a_time:
        address = _loaded().get_function_address(one.name)
    if not address:
        raise RuntimeError(f"the object of all kernels has no {one.name}")
    return CFUNCTYPE(c_int64, *kinds)(address)


def target_machine() -> Any:
    """Return what code is made for: any processor of this kind, not this one alone.

    The cache may lie in a home that machines share. Kernels chase pointers; there is
    nothing in them that newer instructions would speed up.
    """
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(opt=3, codemodel="jitdefault", jit=True)


@cache
def _loaded() -> Any:
    """Return the loaded object, once for each process: its code must stay alive."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(_object()))
    engine.finalize_object()
    return engine


def _object() -> bytes:
    """Return the object from the cache; if it is not there yet, it is built first."""
    kept = stored()
    if kept is not None:
        return kept
    from simcoalesce.compiled.build import built  # noqa: PLC0415 - the compiler

    _log.info("The fast engine is compiled, once for this version: some 4 s ...")
    code = built()
    store(code)
    return code
