"""Whole files: written completely, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to be written in one step: a reader sees the old one or the new one.

    Args:
        path: The file; it appears, or is replaced, when all has been written.

    Raises:
        OSError: If it cannot be written; what was there before is still there.
    """
    with NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        unfinished = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            file.close()
            unfinished.chmod(0o666 & ~_umask())
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


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
