"""The object of all kernels holds nothing but kernels."""

import subprocess
import sys

import llvmlite.binding as llvm
import pytest

pytest.importorskip("llvmlite", reason="kernels are compiled with llvmlite")

from simcoalesce.compiled.build import built
from simcoalesce.compiled.kernel import EntryPoint, Numbers


def test_every_entry_is_built_whatever_was_imported() -> None:
    """A process that counts only would else leave an object without the loop."""
    code = """
from simcoalesce.compiled import hash_table, build
print(*sorted(one.function.__name__ for one in build.entries))
"""
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["move", "serve"]


def test_the_object_is_the_same_each_time() -> None:
    """So a digest says whether it is whole."""
    assert built() == built()


def test_an_object_is_one_that_llvm_can_load() -> None:
    """It is no text, and of this machine."""
    kept = llvm.ObjectFileRef.from_data(built())

    assert any(section.is_text() for section in kept.sections())


def test_an_argument_that_is_no_number_is_a_pointer() -> None:
    """The annotations decide."""

    def three(m: Numbers, index: int, rows: Numbers) -> int:
        return m[index] + rows[0]

    assert EntryPoint(three).is_number == (False, True, False)
