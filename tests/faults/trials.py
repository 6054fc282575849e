"""Trials: the faults of a command, all of them or some by a seed, each tried."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import copy

from simcoalesce.randomness import Stream
from tests.cli.command_line import SALE
from tests.faults.claims import Trial
from tests.faults.commands import LOG
from tests.faults.operations import (
    CTRL_C,
    DEATHS,
    ERRORS,
    FULL_DISK,
    HALFWAY,
    KILLS,
    Fault,
)
from tests.faults.warmed import Command, Ended, Warmed, tree

_OLD = b"old"


class Trials:
    """A command whose operations are counted, in a folder as it is before."""

    def __init__(self, warmed: Warmed, folder: Path, command: Command) -> None:
        """Make the folder, and run the command once without a fault."""
        self._warmed = warmed
        self._command = command
        self._template = folder / command.name
        self._fill()
        # The first run may import, and make what it keeps for later ones, as an index
        # of fonts; all that follow do the same things.
        self._without_fault()
        warmed.know()
        self.fresh = self._without_fault()

    def _fill(self) -> None:
        work = self._template / "work"
        for name in ("work", "home", "tmp"):
            (self._template / name).mkdir(parents=True)
        (work / "sale.yaml").write_text(SALE)
        copy(LOG, work / "calls.log.gz")
        for argv in self._command.before:
            self._warmed.ran(self._command, self._template, Fault(), argv)
        for name in self._command.old:
            (work / name).parent.mkdir(exist_ok=True)
            (work / name).write_bytes(_OLD)

    def _without_fault(self) -> Ended:
        with self._warmed.copied(self._template) as root:
            return self._warmed.ran(self._command, root, Fault())

    def faults(self) -> list[Fault]:
        """Return every fault of every operation."""
        return [
            fault
            for at, operation in enumerate(self.fresh.seen, start=1)
            for fault in self._faults_of(at, kind_of(operation))
        ]

    def _faults_of(self, at: int, kind: str) -> Iterator[Fault]:
        for how in (*ERRORS[kind], CTRL_C, *KILLS):
            yield Fault(at, how)
        if kind == "write":
            yield Fault(at, HALFWAY)
        if kind in FULL_DISK:
            yield Fault(at, "ENOSPC", is_lasting=True)
        if "process" in map(kind_of, self.fresh.seen):
            yield Fault(at, DEATHS)

    def some(self, count: int, seed: int) -> list[Fault]:
        """Return some of the faults."""
        every = self.faults()
        stream = Stream(seed, self._command.name)
        drawn = (stream.uniform(index) for index in range(count))
        return [every[int(one * len(every))] for one in drawn]

    def tried(self, faults: Sequence[Fault]) -> Iterator[Trial]:
        """Yield what became of each fault."""
        before = tree(self._template)
        for fault in faults:
            with self._warmed.copied(self._template) as root:
                ended = self._warmed.ran(self._command, root, fault)
                again = self._warmed.ran(
                    self._command, root, Fault(), self._command.again
                )
            operation = self.fresh.seen[fault.at - 1]
            yield Trial(
                self._command, before, self.fresh, fault, operation, ended, again
            )


def kind_of(operation: str) -> str:
    """Return the kind of an operation, e.g. ``read open``."""
    return operation.rpartition(" ")[0]
