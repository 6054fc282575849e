"""Build: all kernels become one object of machine code, which needs no Python."""

from typing import Final

import llvmlite.binding as llvm

import simcoalesce.compiled.api  # noqa: F401 - with it all kernels are marked
from simcoalesce.compiled.compiler.kernels import Kernels
from simcoalesce.compiled.kernel import entries
from simcoalesce.compiled.layer_kernels import LAYERS
from simcoalesce.compiled.native import target_machine

_KNOWN: Final = ("llvm.", "simcoalesce_")


def built() -> bytes:
    """Return the object, which has each entry under its name.

    Raises:
        NotAKernelError: If a kernel holds something that no kernel may hold.
    """
    LAYERS.kernels("step")  # what these hand over is known to switches from now on
    kernels = Kernels()
    for one in entries:
        kernels.add(one.function, one.name)
    module = llvm.parse_assembly(str(kernels.module))
    module.verify()
    target = target_machine()
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    # As fast as with its own limit (225), in nine tenths of the time. At 100 hits of a
    # key take half as long again: the draws of their traffic are called one by one.
    options.inlining_threshold = 160
    builder = llvm.create_pass_builder(target, options)
    builder.getModulePassManager().run(module, builder)
    code: bytes = target.emit_object(module)
    return code
