"""The object of all kernels holds nothing but kernels."""

import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("numba", reason="kernels are compiled with numba")

from simcoalesce.compiled import build
from simcoalesce.compiled.kernel import EntryPoint
from simcoalesce.compiled.native import target_machine


def _optimised(one: EntryPoint) -> Any:
    target = target_machine()
    module = build._module(one)
    build._optimise(module, target)
    return module


def test_every_entry_is_built_whatever_was_imported() -> None:
    """A process that counts only would else leave an object without the loop."""
    code = """
from simcoalesce.compiled import tally_kernel, build
print(*sorted(one.function.__name__ for one in build.entries))
"""
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["count", "finished", "move", "serve"]


def test_a_kernel_keeps_its_name_and_loses_all_calls_of_python() -> None:
    """What is left is the kernel, and no way to fail."""

    def double(m: Any, index: int) -> int:
        m[index] *= 2
        return int(m[index])

    module = _optimised(EntryPoint(double))
    build._check(module)

    assert "simcoalesce_double" in [one.name for one in module.functions]


def test_a_kernel_that_can_fail_is_refused() -> None:
    """An exception is Python's, and an object has no Python."""

    def strict(m: Any) -> int:
        if m[0] < 0:
            raise ValueError
        return int(m[0])

    module = _optimised(EntryPoint(strict))

    with pytest.raises(RuntimeError, match="what no object has"):
        build._check(module)


def test_an_argument_that_is_no_number_is_a_pointer() -> None:
    """The annotations decide."""

    def three(m: Any, index: int, rows: Any) -> int:
        return int(m[index] + rows[0])

    assert EntryPoint(three).is_number == (False, True, False)
