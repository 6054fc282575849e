"""Whole files: written completely, or not at all.

What is not complete has a name of its own, and a lock as long as its process lives. So
what a killed process leaves is known, and the next one that writes there removes it.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from tempfile import NamedTemporaryFile
from typing import IO, Final
from urllib.parse import quote

_PREFIX: Final = ".simcoalesce-"
_SUFFIX: Final = ".part"
_LONGEST_HOST: Final = 64
_DAY_S: Final = 86_400


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
    if _is_device(path):
        with path.open("wb") as file:
            yield file
        return
    with unfinished_file(path.parent) as file:
        yield file
        _complete(file, path, is_forced=is_forced)
        Path(file.name).replace(path)


def write_whole(path: Path, text: str) -> None:
    """Write a text file in one step.

    Raises:
        OSError: If it cannot be written; what was there before is still there.
    """
    with whole_file(path) as file:
        file.write(text.encode())


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write files that belong together: none appears before all are on the disk.

    Then they appear one after the other, in their order.

    Raises:
        OSError: If one cannot be written; what was there before is still there.
    """
    with ExitStack() as stack:
        complete: dict[Path, IO[bytes]] = {}
        for name, content in contents.items():
            path = Path(os.path.realpath(name))
            if _is_device(path):
                path.write_bytes(content)
                continue
            file = stack.enter_context(unfinished_file(path.parent))
            file.write(content)
            _complete(file, path)
            complete[path] = file
        for path, file in complete.items():
            Path(file.name).replace(path)


@contextmanager
def unfinished_file(folder: Path) -> Iterator[IO[bytes]]:
    """Yield a new file that only this user reads; without a new name it does not stay.

    What processes left there that were killed is removed.

    Raises:
        OSError: If it cannot be made or written.
    """
    with ExitStack() as stack:
        file = stack.enter_context(_new_file(folder))
        while not _is_ours(file, stack):
            file = stack.enter_context(_new_file(folder))
        _remove_what_is_left(Path(file.name), os.fstat(file.fileno()))
        yield file


@contextmanager
def _new_file(folder: Path) -> Iterator[IO[bytes]]:
    # Not after its target's name, which may be as long as a name can be.
    prefix = f"{_PREFIX}{_host()}-"
    with NamedTemporaryFile(
        dir=folder, prefix=prefix, suffix=_SUFFIX, delete=False
    ) as file:
        try:
            yield file
        finally:
            with suppress(OSError):
                Path(file.name).unlink()


def _is_ours(file: IO[bytes], stack: ExitStack) -> bool:
    """Lock a file until the stack ends, and return whether nobody has removed it."""
    # Of its own, since the file is closed before it gets its name.
    lock = os.dup(file.fileno())
    stack.callback(os.close, lock)
    with suppress(OSError):  # some file systems have no locks
        fcntl.flock(lock, fcntl.LOCK_EX)
    return os.fstat(lock).st_nlink > 0


def _remove_what_is_left(ours: Path, state: os.stat_result) -> None:
    """Remove unfinished files beside ours whose processes are no more.

    The locks of another machine may not be seen here: from there a file is left only if
    it is a day older than ours.
    """
    with suppress(OSError), os.scandir(ours.parent) as entries:
        for entry in entries:
            is_one = entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX)
            if is_one and entry.name != ours.name:
                with suppress(OSError):
                    _remove_if_left(ours.with_name(entry.name), state)


def _remove_if_left(path: Path, ours: os.stat_result) -> None:
    file = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        state = os.fstat(file)
        is_old = state.st_mtime < ours.st_mtime - _DAY_S
        is_from_here = path.name.startswith(f"{_PREFIX}{_host()}-")
        if (
            S_ISREG(state.st_mode)
            and state.st_uid == ours.st_uid
            and (is_old or is_from_here)
        ):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    finally:
        os.close(file)


def _host() -> str:
    return quote(os.uname().nodename, safe="")[:_LONGEST_HOST]


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _complete(file: IO[bytes], path: Path, *, is_forced: bool = True) -> None:
    """Bring all of a file to the disk, as it will be under a path."""
    file.flush()
    _take_over(path, file.fileno())
    if is_forced:
        os.fsync(file.fileno())
    file.close()


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
