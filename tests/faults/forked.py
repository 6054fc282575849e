"""Forked: a process that has imported everything, and runs each command in a fork.

To begin a new interpreter for each fault would take longer than the command. Requests
and answers are lines of JSON on its standard streams; it has one thread, so that a fork
is whole. Started as ``python -m tests.faults.forked``.
"""

import atexit
import importlib
import json
import os
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

LIMIT_S: Final = 600
"""A command that lasts longer hangs, on a busy machine too."""


def main() -> int:
    """Answer requests until there are no more; in a fork, return a command's code."""
    for line in sys.stdin:
        request = json.loads(line)
        if "modules" in request:
            imported(request["modules"])
            answer: dict[str, Any] = {}
        else:
            child = os.fork()
            if child == 0:
                return ran(request)
            _, status = os.waitpid(child, 0)
            answer = {"code": os.waitstatus_to_exitcode(status)}
        print(json.dumps(answer), flush=True)  # noqa: T201 - the protocol
    return 0


def imported(names: list[str]) -> None:
    """Import modules that a command has imported, where that is possible."""
    for name in names:
        with suppress(ImportError):
            importlib.import_module(name)


def ran(request: dict[str, Any]) -> int:
    """Run a command with a fault, in a folder of its own; return its exit code."""
    from tests.faults.operations import Fault, Operations, counted  # noqa: PLC0415

    signal.alarm(LIMIT_S)
    root = Path(request["root"])
    _settle(root, request)
    log = os.open(root / ".." / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    operations = Operations(root, Fault(*request["fault"]), log)
    from simcoalesce.__main__ import main as command  # noqa: PLC0415 - in the fork

    for prepare in request["prepared"]:
        module, _, function = prepare.rpartition(".")
        getattr(importlib.import_module(module), function)(request)
    with counted(operations):
        code = command()
        atexit._run_exitfuncs()  # what is left to do at the end counts too
    if request["fault"][0] == 0:
        names = "\n".join(sorted(sys.modules))
        (root / ".." / "modules").write_text(names)
    return code


def _settle(root: Path, request: dict[str, Any]) -> None:
    """Take the streams, the folders and the arguments of a command."""
    above = root.parent
    stdin = os.open(request["stdin"] or os.devnull, os.O_RDONLY)
    os.dup2(stdin, 0)
    os.close(stdin)
    for number, name in ((1, "out"), (2, "err")):
        file = os.open(above / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "GITHUB_STEP_SUMMARY"):
        os.environ.pop(name, None)
    os.environ |= {"HOME": str(root / "home"), "TMPDIR": str(root / "tmp")}
    tempfile.tempdir = str(root / "tmp")
    os.chdir(root / "work")
    sys.argv = ["simcoalesce", *request["argv"]]


if __name__ == "__main__":
    sys.exit(main())
