"""Several phases become one chunk of traffic after another."""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simcoalesce.traffic.unit_process import Instants

Merged = tuple[NDArray[np.int64], NDArray[np.int32]]
"""Instants in ascending order, and the phase that each belongs to; shape (n,)."""


class _Phase:
    """The instants of one phase that are known and not yet merged."""

    __slots__ = ("_blocks", "has_more", "known", "number")

    def __init__(self, number: int, blocks: Instants) -> None:
        self.number = number
        self.known = np.empty(0, dtype=np.int64)
        self.has_more = True
        self._blocks = blocks

    def look_ahead(self) -> None:
        """Know at least one instant, unless there is none left."""
        while self.has_more and not len(self.known):
            block = next(self._blocks, None)
            self.has_more = block is not None
            if block is not None:
                self.known = block

    def take(self, count: int) -> NDArray[np.int64]:
        """Hand over the first known instants."""
        taken, self.known = self.known[:count], self.known[count:]
        return taken


def merged(phases: Sequence[Instants]) -> Iterator[Merged]:
    """Yield the instants of all phases in order, in blocks of any size.

    At the same instant an earlier phase comes first; within a phase its own order.
    """
    waiting = [_Phase(number, blocks) for number, blocks in enumerate(phases)]
    while True:
        for phase in waiting:
            phase.look_ahead()
        waiting = [phase for phase in waiting if len(phase.known)]
        if not waiting:
            return
        # No unknown instant comes before the last known one of this phase.
        bound_ns, first = min((int(phase.known[-1]), phase.number) for phase in waiting)
        ready = [(phase, _ready(phase, bound_ns, first)) for phase in waiting]
        yield _in_order([(phase.number, phase.take(n)) for phase, n in ready])


def _ready(phase: _Phase, bound_ns: int, first: int) -> int:
    side: Literal["left", "right"] = "right" if phase.number <= first else "left"
    return int(np.searchsorted(phase.known, bound_ns, side=side))


def _in_order(taken: Sequence[tuple[int, NDArray[np.int64]]]) -> Merged:
    taken = [(number, instants) for number, instants in taken if len(instants)]
    if len(taken) == 1:
        number, instants = taken[0]
        return instants, np.full(len(instants), number, dtype=np.int32)
    instants = np.concatenate([part for _, part in taken])
    numbers = np.array([number for number, _ in taken], dtype=np.int32)
    phase = np.repeat(numbers, [len(part) for _, part in taken])
    order = np.argsort(instants, kind="stable")
    return instants[order], phase[order]


def cut(blocks: Iterator[Merged], rows: int) -> Iterator[Merged]:
    """Cut blocks of any size into blocks of `rows`; the last may be shorter."""
    parts: list[Merged] = []
    have = 0
    for block in blocks:
        parts.append(block)
        have += len(block[0])
        if have < rows:
            continue
        instants, phase = _joined(parts)
        whole = have - have % rows
        for start in range(0, whole, rows):
            yield instants[start : start + rows], phase[start : start + rows]
        parts = [(instants[whole:], phase[whole:])]
        have -= whole
    if have:
        yield _joined(parts)


def _joined(parts: list[Merged]) -> Merged:
    if len(parts) == 1:
        return parts[0]
    return (
        np.concatenate([instants for instants, _ in parts]),
        np.concatenate([phase for _, phase in parts]),
    )
