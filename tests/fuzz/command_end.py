"""How a command ends in this process: its exit code, and all that it has written."""

import io
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from shutil import rmtree
from typing import Final, NamedTuple
from unittest.mock import patch

from typing_extensions import override

from simcoalesce.cli import main
from tests.fuzz.bounds import TookTooLongError, scaled_bounds, time_and_memory
from tests.fuzz.fuzz_input import FuzzInput

TOO_LONG: Final = -1
"""In place of an exit code: the time was used up."""


class CommandEnd(NamedTuple):
    """What a command did.

    Attributes:
        code: Its exit code.
        out: What it wrote to stdout.
        err: What it wrote to stderr.
        written: The files that it wrote, by their names.
    """

    code: int
    out: str
    err: str
    written: Mapping[str, bytes] = {}


class _CurrentStderr(logging.Handler):
    """Logs to what stderr is at the time."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")


@contextmanager
def _empty(folder: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Make files in a folder, the current one of the block, and leave it empty."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield
    finally:
        os.chdir(before)
        for path in folder.iterdir():
            rmtree(path) if path.is_dir() else path.unlink()


def _written(
    files: Mapping[str, bytes], *, is_hidden: bool = False
) -> dict[str, bytes]:
    paths = (path for path in Path().rglob("*") if path.is_file())
    return {
        str(path): path.read_bytes()
        for path in paths
        if str(path) not in files and path.parts[0].startswith(".") == is_hidden
    }


@contextmanager
def _streams(stdin: bytes) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """Let stdout and stderr of the block be what a pipe would be."""
    out, err = io.BytesIO(), io.BytesIO()
    stdout = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
    stderr = io.TextIOWrapper(err, "utf-8", "backslashreplace", write_through=True)
    source = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    root = logging.getLogger()
    with (
        patch.object(root, "handlers", [_CurrentStderr()]),
        patch.object(sys, "stdin", source),
        redirect_stdout(stdout),
        redirect_stderr(stderr),
    ):
        yield out, err
        stdout.flush()


def command_end(
    given: FuzzInput, folder: Path, *, hidden: dict[str, bytes] | None = None
) -> CommandEnd:
    """Run the command line within the bounds, in an empty folder of its own.

    Args:
        given: The command line and its files.
        folder: Where.
        hidden: Takes the files that it keeps in hidden folders.
    """
    argv = ["simcoalesce", *given.arguments]
    with (
        _empty(folder, given.files),
        _streams(given.stdin) as (out, err),
        patch.object(sys, "argv", argv),
        patch.dict(os.environ, SIMCOALESCE_TRACEBACK="1"),
        scaled_bounds(),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error")
        try:
            with time_and_memory():
                code = main()
        except TookTooLongError:
            code = TOO_LONG
        said, told = (one.getvalue().decode(errors="replace") for one in (out, err))
        if hidden is not None:
            hidden |= _written(given.files, is_hidden=True)
        return CommandEnd(code, said, told, _written(given.files))
