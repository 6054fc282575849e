"""Kernels are compiled once; after that no process needs the compiler."""

import subprocess
import sys
from ctypes import ArgumentError
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="kernels are compiled with llvmlite")

from simcoalesce.compiled import native, object_cache
from simcoalesce.compiled.hash_table import EMPTY, Slot, insert, move
from simcoalesce.compiled.kernel import EntryPoint, Numbers
from simcoalesce.compiled.native import compiled
from simcoalesce.compiled.state import State

_IN_A_PROCESS = """
import sys
from simcoalesce import Scenario, run
run(Scenario.load("scenarios/flash-sale-9pm.yaml"), engine="compiled")
print("simcoalesce.compiled.build" in sys.modules)
"""


def test_a_kernel_reads_the_memory_of_an_array() -> None:
    """A table of two keys moves to where there is more of it."""
    numbers = np.full(State.width + 24, EMPTY, dtype=np.int64)
    state = State(numbers, 0)
    state.table, state.table_size, state.table_used = State.width, 4, 0
    insert(state, 7, 70)
    insert(state, 8, 80)

    assert move(numbers, State.width + 4 * Slot.width, 8) == 2
    assert state.table_size == 8


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(8, dtype=np.float64),
        np.zeros(8, dtype=np.int32),
        np.zeros(8, dtype=np.int64)[::2],
        np.zeros((4, 2), dtype=np.int64).T,
    ],
)
def test_an_array_of_another_kind_is_refused(array: np.ndarray) -> None:
    """A pointer says nothing of what it points to, so it is looked at before."""
    with pytest.raises(ArgumentError, match="int64 in one piece"):
        move(array, 0, 4)


@pytest.mark.parametrize("left", [0, 40, 5_000])
def test_a_damaged_object_is_built_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, left: int
) -> None:
    """It would end the process, and every later one."""
    monkeypatch.setattr(object_cache, "object_file", lambda: tmp_path / "kernels.o")
    whole = native._object()
    kept = (tmp_path / "kernels.o").read_bytes()
    (tmp_path / "kernels.o").write_bytes(kept[:left] + b"\0" + kept[left + 1 :])

    assert native._object() == whole
    assert (tmp_path / "kernels.o").read_bytes() == kept


def test_where_nothing_can_be_written_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A run goes on all the same."""
    monkeypatch.setattr(object_cache, "object_file", lambda: None)

    assert native._object()
    assert not object_cache.is_warm()


def test_the_first_compilation_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It takes seconds, once."""
    caplog.set_level("INFO", "simcoalesce")
    monkeypatch.setattr(object_cache, "object_file", lambda: tmp_path / "kernels.o")
    for _ in range(2):
        native._object()

    assert caplog.messages == [
        "The fast engine is compiled, once for this version: some 4 s ..."
    ]


def test_an_entry_that_no_object_has_is_no_function() -> None:
    """To call nowhere would end the process."""

    def unknown(m: Numbers) -> int:
        return m[0]

    with pytest.raises(RuntimeError, match="has no simcoalesce_unknown"):
        compiled(EntryPoint(unknown))


def test_a_process_that_finds_the_object_does_not_load_the_compiler() -> None:
    """The first run compiled it; the start of all others is short."""
    move(np.zeros(State.width, dtype=np.int64), 0, 0)

    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", _IN_A_PROCESS],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "False"
