"""Phases merge in order of time, then of the file."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from simcoalesce.traffic.phase_merge import Merged, cut, merged

Blocks = list[list[int]]


def _arrays(blocks: Blocks) -> Iterator[NDArray[np.int64]]:
    return (np.array(block, dtype=np.int64) for block in blocks)


def _rows(blocks: Iterator[Merged]) -> list[tuple[int, int]]:
    return [
        (int(at), int(phase))
        for instants, phases in blocks
        for at, phase in zip(instants, phases, strict=True)
    ]


def _in_blocks(instants: list[int], size: int) -> Blocks:
    ordered = sorted(instants)
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]


_INSTANTS = st.lists(st.integers(0, 8), max_size=12)
_PHASES = st.lists(st.builds(_in_blocks, _INSTANTS, st.integers(1, 4)), max_size=4)


@given(_PHASES)
def test_merging_is_sorting_by_instant_and_phase(phases: list[Blocks]) -> None:
    """However phases are cut in blocks, ties go to the earlier phase."""
    expected = sorted(
        (at, number)
        for number, blocks in enumerate(phases)
        for block in blocks
        for at in block
    )

    assert _rows(merged([_arrays(blocks) for blocks in phases])) == expected


@given(_PHASES, st.integers(1, 7))
def test_cutting_keeps_all_rows(phases: list[Blocks], rows: int) -> None:
    """Blocks of n rows hold what was there before, the last one what is left."""
    whole = _rows(merged([_arrays(blocks) for blocks in phases]))
    blocks = list(cut(merged([_arrays(blocks) for blocks in phases]), rows))

    assert _rows(iter(blocks)) == whole
    assert all(len(at) == rows for at, _ in blocks[:-1])
    assert all(1 <= len(at) <= rows for at, _ in blocks)


def test_empty_blocks_are_passed_over() -> None:
    """A phase may have nothing for a while."""
    assert _rows(merged([_arrays([[], [3], []]), _arrays([[]])])) == [(3, 0)]
