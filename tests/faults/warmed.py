"""Warmed: the process that forks for each fault, as a test sees it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from typing import NamedTuple, Self

from tests.cli.command_line import ROOT
from tests.faults.operations import Fault

Tree = Mapping[str, bytes]
"""The files of a folder by their paths."""


class Ended(NamedTuple):
    """How a command ended.

    Attributes:
        code: Its exit code; negative for a signal.
        out: Its stdout.
        err: Its stderr.
        seen: Its operations, up to its end.
        files: What lies there then.
    """

    code: int
    out: str
    err: str
    seen: tuple[str, ...]
    files: Tree


class Command(NamedTuple):
    """A command whose operations fail.

    Attributes:
        name: What it is called in reports.
        argv: Its arguments.
        targets: The files that it is to write.
        before: Commands that have run before.
        stdin: The file of assets that it reads.
        prepared: Functions that are called with the request, in the fork.
        again: Its arguments after a fault, where they are others.
        old: Targets that are there before.
        drawn: How many faults a usual run tries.
    """

    name: str
    argv: Sequence[str]
    targets: Sequence[str] = ()
    before: Sequence[Sequence[str]] = ()
    stdin: Path | None = None
    prepared: Sequence[str] = ()
    again: Sequence[str] = ()
    old: Sequence[str] = ()
    drawn: int = 1


class Warmed:
    """Runs commands below a folder, each in a fork of a process that knows them."""

    def __init__(self, folder: Path) -> None:
        """Start the process."""
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forked"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            # A fork has none of the threads that numpy would start.
            env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def _asked(self, request: Mapping[str, object]) -> dict[str, int]:
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        answer: dict[str, int] = json.loads(process.stdout.readline())
        return answer

    def know(self) -> None:
        """Import what the last command without a fault has imported."""
        names = (self._folder / "modules").read_text().split()
        self._asked({"modules": names})

    def ran(
        self, command: Command, root: Path, fault: Fault, argv: Sequence[str] = ()
    ) -> Ended:
        """Run a command, or another one, in a folder that is there."""
        request = {
            "root": str(root),
            "argv": argv or command.argv,
            "fault": fault,
            "stdin": str(command.stdin or ""),
            "prepared": command.prepared,
        }
        code = self._asked(request)["code"]
        out, err, log = (
            (self._folder / name).read_text() for name in ("out", "err", "log")
        )
        return Ended(code, out, err, tuple(log.splitlines()), tree(root))

    @contextmanager
    def copied(self, template: Path) -> Iterator[Path]:
        """Yield a copy of a folder, which is gone behind the block."""
        root = self._folder / "root"
        rmtree(root, ignore_errors=True)
        copytree(template, root)
        yield root
        rmtree(root)


def tree(root: Path) -> Tree:
    """Return all files below a folder, hidden ones too."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files}
