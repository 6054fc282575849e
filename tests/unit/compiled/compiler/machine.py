"""Compiles one kernel, to be called beside its own Python."""

from collections.abc import Callable
from ctypes import CFUNCTYPE, c_int64, c_void_p
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from simcoalesce.compiled.compiler.kernels import Kernels
from simcoalesce.compiled.native import target_machine


class Machine:
    """Machine code of one kernel; its last numbers are looked at afterwards.

    Args:
        function: A kernel that takes numbers in memory, and returns a whole number.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        kernels = Kernels()
        kernels.add(function, "kernel")
        module = llvm.parse_assembly(str(kernels.module))
        module.verify()
        target = target_machine()
        options = llvm.create_pipeline_tuning_options(speed_level=3)
        builder = llvm.create_pass_builder(target, options)
        builder.getModulePassManager().run(module, builder)
        self._engine = llvm.create_mcjit_compiler(module, target)
        self._engine.finalize_object()
        address = self._engine.get_function_address("kernel")
        self._call = CFUNCTYPE(c_int64, c_void_p)(address)

    def __call__(self, numbers: np.ndarray) -> int:
        """Call it with numbers in memory."""
        assert numbers.dtype == np.int64
        return int(self._call(numbers.ctypes.data))


def agrees(function: Callable[..., Any], *numbers: int) -> int:
    """Return a kernel's result, which is the same in Python, as are the numbers."""
    plain = np.array(numbers, dtype=np.int64)
    compiled = plain.copy()
    with np.errstate(over="ignore"):
        expected = int(function(plain))
    result = Machine(function)(compiled)
    assert (result, compiled.tolist()) == (expected, plain.tolist())
    return result
