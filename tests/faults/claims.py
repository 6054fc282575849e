"""Claims: what holds after any fault, as functions that return what breaks it."""

import signal
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import PurePath
from typing import Final, NamedTuple

from simcoalesce.cli import exits
from tests.faults.operations import CTRL_C, Fault
from tests.faults.warmed import Command, Ended, Tree

_DOCUMENTED: Final = frozenset(
    (
        *(exits.OK, exits.USAGE, exits.INVALID, exits.POINTS_FAILED),
        *(exits.UNDECIDED, exits.INTERRUPTED),
    )
)
_WORK: Final = "work/"
_CACHES: Final = ("work/.simcoalesce/cache/*", "*/kernels-*.o")
_UNFINISHED: Final = ".part"


class Trial(NamedTuple):
    """A command with a fault, and the same command afterwards.

    Attributes:
        command: The command.
        before: The files before.
        fresh: How it ends without a fault.
        fault: The fault.
        operation: What failed.
        ended: How it ended with the fault.
        again: How the same command, without a fault, ended after that.
    """

    command: Command
    before: Tree
    fresh: Ended
    fault: Fault
    operation: str
    ended: Ended
    again: Ended

    @property
    def is_killed(self) -> bool:
        """Whether it was killed."""
        return self.fault.how.startswith("kill")

    def is_target(self, name: str) -> bool:
        """Whether a file is one that the command is to write."""
        named = (fnmatch(name, f"{_WORK}{one}") for one in self.command.targets)
        return any(named) and not name.endswith(_UNFINISHED)


def code_is_documented(trial: Trial) -> Iterator[str]:
    """A fault ends with a documented code, never with a traceback."""
    code = trial.ended.code
    if trial.is_killed and code != -signal.SIGKILL:
        yield f"was not killed: {code}"
    if not trial.is_killed and code not in _DOCUMENTED:
        yield f"code {code}"
    if "Traceback" in trial.ended.err or "This is a bug" in trial.ended.err:
        yield "a traceback"


def targets_are_old_or_new(trial: Trial) -> Iterator[str]:
    """No target is half-written; after Ctrl-C it may have what is complete."""
    is_part = trial.fault.how == CTRL_C and trial.ended.code == exits.INTERRUPTED
    is_part = is_part or trial.ended.code == exits.POINTS_FAILED
    for name, content in trial.ended.files.items():
        whole = (trial.before.get(name), trial.fresh.files.get(name))
        if trial.is_target(name) and content not in whole and not is_part:
            yield f"{name} is neither old nor new"
    yield from (f"{n} is lost" for n in trial.before if n not in trial.ended.files)


def success_is_whole(trial: Trial) -> Iterator[str]:
    """Exit code 0 means that everything is as without a fault."""
    if trial.ended.code or trial.is_killed:
        return
    if trial.ended.out != trial.fresh.out:
        yield "another stdout"
    for name, content in trial.fresh.files.items():
        if trial.is_target(name) and trial.ended.files.get(name) != content:
            yield f"{name} is not written"


def error_names_its_file(trial: Trial) -> Iterator[str]:
    """An error says which file it is of, unless it is of none."""
    is_error = trial.ended.code in (exits.USAGE, exits.INVALID)
    if trial.is_killed or not is_error or "-" in trial.operation.split():
        return
    own = [*trial.command.targets, *trial.command.argv, "folder ", "standard input"]
    names = {PurePath(one).name for one in own if one} | {"cannot use ", "write ."}
    names = names - {"-"} | {"- cannot"}
    if not any(name in trial.ended.err for name in names):
        yield f"names no file: {trial.ended.err!r}"


def nothing_is_left(trial: Trial) -> Iterator[str]:
    """An error leaves no file that success would not leave."""
    if not trial.is_killed and not trial.operation.startswith("unlink"):
        yield from _strange(trial.ended.files, trial)


def next_run_is_as_fresh(trial: Trial) -> Iterator[str]:
    """The same command then ends as if nothing had been, and clears up."""
    fresh, again = trial.fresh, trial.again
    if again.code != fresh.code:
        yield f"again: code {again.code} {again.err!r}"
    if again.out != fresh.out:
        yield "again: another stdout"
    for name, content in fresh.files.items():
        if trial.is_target(name) and again.files.get(name) != content:
            yield f"again: {name} differs"
    yield from (f"again: {one}" for one in _strange(again.files, trial))


def _strange(files: Tree, trial: Trial) -> Iterator[str]:
    for name in files:
        is_cached = any(fnmatch(name, one) for one in _CACHES)
        is_known = name in trial.fresh.files or is_cached
        if name.endswith(_UNFINISHED) or not is_known:
            yield f"{name} is left"


CLAIMS: Final[tuple[Callable[[Trial], Iterator[str]], ...]] = (
    code_is_documented,
    targets_are_old_or_new,
    success_is_whole,
    error_names_its_file,
    nothing_is_left,
    next_run_is_as_fresh,
)


def broken(trial: Trial) -> list[str]:
    """Return what a trial breaks, with what failed; nothing if all claims hold."""
    how = f"{trial.fault.how}{' from then on' if trial.fault.is_lasting else ''}"
    where = f"{trial.command.name} {trial.fault.at} {trial.operation}: {how}"
    return [f"{where}: {what}" for claim in CLAIMS for what in claim(trial)]
