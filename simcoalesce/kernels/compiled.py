"""How kernels are compiled: those that Python calls, and those that only they call.

An inner kernel becomes part of the code of each entry that calls it. It has no door of
its own and is not kept on disk by itself, which saves a third of the time of compiling.
"""

from typing import Any, Final

from numba import njit

entry: Final[Any] = njit(cache=True, nogil=True)
_NO_DOOR: Final[Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
inner: Final[Any] = njit(**_NO_DOOR)
