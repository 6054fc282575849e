"""Whole files: written completely, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


@contextmanager
def whole_file(path: Path, *, is_forced: bool = True) -> Iterator[IO[bytes]]:
    """Open a file to be written in one step: a reader sees the old one or the new one.

    A file that is replaced keeps its mode, and its owner if that is allowed. A link is
    followed. A pipe or a device cannot be replaced: it is written to.

    Args:
        path: The file; it appears, or is replaced, when all has been written.
        is_forced: Whether it is on the disk before it appears.

    Raises:
        OSError: If it cannot be written; what was there before is still there.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    # Not after its own name, which may be as long as a name can be.
    with NamedTemporaryFile(
        dir=path.parent, prefix=".simcoalesce-", delete=False
    ) as file:
        unfinished = Path(file.name)
        try:
            yield file
            file.flush()
            _take_over(path, file.fileno())
            if is_forced:
                os.fsync(file.fileno())
            file.close()
            unfinished.replace(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise


def write_whole(path: Path, text: str) -> None:
    """Write a text file in one step.

    Raises:
        OSError: If it cannot be written; what was there before is still there.
    """
    with whole_file(path) as file:
        file.write(text.encode())


def _take_over(path: Path, file: int) -> None:
    """Give a file the owner and the mode of the one that it replaces."""
    try:
        old = path.stat()
    except FileNotFoundError:
        os.fchmod(file, 0o666 & ~_umask())
        return
    with suppress(PermissionError):
        os.fchown(file, old.st_uid, old.st_gid)
    os.fchmod(file, old.st_mode & 0o777)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
