"""Operations: each call of a command that the system may refuse, counted and failed.

The patches lie where Python meets the system: `os`, the raw files below `open`, the
start of processes and threads. Only what concerns the folder of the command counts, not
what Python reads of itself. Signals do not show as EINTR: Python calls again (PEP 475),
unless a handler raises, as that of Ctrl-C does; so Ctrl-C is a fault of its own.
"""

import errno
import fcntl
import io
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from multiprocessing import active_children, util
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest.mock import patch

from typing_extensions import override

KILLS: Final = ("kill before", "kill after")
HALFWAY: Final = "kill halfway"
"""Only a write can be half done."""
SHORT: Final = "short"
"""The system takes a part of what is written, and says so."""
CTRL_C: Final = "Ctrl-C"
DEATHS: Final = "the processes die"
ERRORS: Final = {
    "read open": ("EACCES", "EIO", "EMFILE"),
    "read": ("EIO",),
    "open": ("ENOSPC", "EACCES", "EMFILE"),
    "write": ("ENOSPC", "EIO", SHORT),
    "pipe write": (SHORT,),
    "pipe read": ("EIO",),
    "pipe close": (),
    "fsync": ("EIO", "ENOSPC"),
    "close": ("EIO", "ENOSPC"),
    "rename": ("EACCES", "EIO"),
    "link": ("EACCES", "EIO"),
    "unlink": ("EACCES", "EIO"),
    "mkdir": ("ENOSPC", "EACCES"),
    "rmdir": ("EACCES",),
    "list": ("EACCES", "EIO"),
    "stat": ("EACCES", "EIO"),
    "lock": ("ENOLCK",),
    "mode": ("EPERM", "EIO"),
    "pipe": ("EMFILE",),
    "process": ("EAGAIN", "ENOMEM"),
    "thread": ("EAGAIN",),
    "socket": ("ECONNRESET", "EMFILE"),
}
"""How each kind of operation fails."""
FULL_DISK: Final = frozenset(("open", "write", "fsync", "mkdir"))
"""What a full disk refuses from then on; it still renames and removes."""
_PIPE: Final = "pipe:"
"""What the name of a pipe begins with: no disk is below it."""
_PATHLESS: Final = frozenset(("pipe", "process", "thread"))


class Fault(NamedTuple):
    """What goes wrong, and when.

    Attributes:
        at: At which operation, from 1 on; 0 never.
        how: The name of an error, a way to be killed, SHORT, CTRL_C or DEATHS.
        is_lasting: Whether a full disk stays full.
    """

    at: int = 0
    how: str = ""
    is_lasting: bool = False


class Operations:
    """The operations of this process on what lies below a folder."""

    def __init__(self, root: Path, fault: Fault, log: int) -> None:
        """Count from now on; write each operation into a descriptor as a line."""
        self._root = os.path.realpath(root)
        self._fault = fault
        self._log = log
        self._count = 0
        self._counting = threading.Lock()
        self._write = os.write

    @contextmanager
    def one(self, kind: str, name: str) -> Iterator[None]:
        """Let an operation happen, unless it is the one that fails."""
        how = self.failing(kind, name)
        if how == KILLS[0]:
            killed()
        if how.startswith("E"):
            raise failure(kind, how, name)
        if how == CTRL_C:
            signal.raise_signal(signal.SIGINT)
        try:
            yield
        finally:
            if how in (KILLS[1], HALFWAY):
                killed()

    def failing(self, kind: str, name: str) -> str:
        """Count an operation; return how it is to fail, empty if it is not."""
        kind = f"pipe {kind}" if name.startswith(_PIPE) else kind
        short = name.removeprefix(f"{self._root}/")
        at, how, is_lasting = self._fault
        with self._counting:
            self._count += 1
            self._write(self._log, f"{kind} {short}\n".encode())
            is_past = self._count > at and is_lasting and kind in FULL_DISK
            is_due = self._count == at or is_past
        if not is_due:
            return ""
        if how == DEATHS:
            for process in active_children():
                process.kill()
            return ""
        return how

    def name(self, file: Any) -> str | None:
        """Return the path of a file, or of a descriptor; None if it is not counted."""
        if isinstance(file, int):
            path = str(Path(f"/proc/self/fd/{file}").readlink())
            return path if self._is_ours(path) or path.startswith(_PIPE) else None
        path = os.path.abspath(os.fsdecode(file))  # noqa: PTH100 - links stay links
        return path if self._is_ours(path) else None

    def _is_ours(self, path: str) -> bool:
        return path == self._root or path.startswith(f"{self._root}/")


def killed() -> None:
    """End this process as nobody can prevent it."""
    os.kill(os.getpid(), signal.SIGKILL)


def failure(kind: str, how: str, name: str) -> Exception:
    """Return the error that Python makes of one of the system's."""
    if kind == "thread":
        return RuntimeError("can't start new thread")
    number = getattr(errno, how)
    named = () if kind in _PATHLESS else (name,)
    return OSError(number, os.strerror(number), *named)


class CountedFile(FileIO):
    """A raw file whose reads, writes and end are operations."""

    def __init__(self, operations: Operations, name: str, *given: Any) -> None:
        """Open as FileIO does."""
        self._operations = operations
        self._path = name
        super().__init__(*given)

    @override
    def write(self, written: Any, /) -> int:
        """Write; half of it, if it fails."""
        how = self._operations.failing("write", self._path)
        if how == KILLS[0]:
            killed()
        if how in ("", KILLS[1]):
            count = super().write(written)
        else:
            whole = memoryview(written).cast("B")
            count = super().write(whole[: max(1, len(whole) // 2)])
        if how in (*KILLS, HALFWAY):
            killed()
        if how.startswith("E"):
            raise failure("write", how, self._path)
        if how == CTRL_C:
            signal.raise_signal(signal.SIGINT)
        return count

    @override
    def readinto(self, into: Any, /) -> int | None:
        """Read."""
        with self._operations.one("read", self._path):
            return super().readinto(into)

    @override
    def readall(self) -> bytes:
        """Read all."""
        with self._operations.one("read", self._path):
            return super().readall()

    @override
    def close(self) -> None:
        """Close; what is closed with an error is closed all the same."""
        if self.closed:
            return
        is_written = self.writable()
        super().close()
        if is_written:
            with self._operations.one("close", self._path):
                pass


@contextmanager
def counted(operations: Operations) -> Iterator[None]:
    """Let operations go through the counter meanwhile."""
    patches = [
        patch.object(where, name, _passing(operations, kind, getattr(where, name)))
        for kind, where, name in _CALLS
    ]
    opened = _counted_open(operations, io.open)
    patches += [patch("io.open", opened), patch("builtins.open", opened)]
    patches += [patch.object(os, "open", _counted_os_open(operations, os.open))]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def _calls() -> Iterator[tuple[str, Any, str]]:
    yield from (("rename", os, "rename"), ("rename", os, "replace"))
    yield from (("unlink", os, "unlink"), ("unlink", os, "remove"))
    yield from (("mkdir", os, "mkdir"), ("rmdir", os, "rmdir"))
    yield from (("link", os, "link"), ("list", os, "scandir"), ("list", os, "listdir"))
    yield from (("stat", os, "stat"), ("fsync", os, "fsync"))
    yield from (("mode", os, "fchmod"), ("mode", os, "fchown"), ("mode", os, "chmod"))
    yield from (("lock", fcntl, "flock"), ("pipe", os, "pipe"))
    yield ("process", util, "spawnv_passfds")
    yield ("thread", threading.Thread, "start")


_CALLS: Final = (*_calls(),)


def _passing(operations: Operations, kind: str, call: Callable[..., Any]) -> Any:
    def passing(*given: Any, **named: Any) -> Any:
        if kind in _PATHLESS:
            name: str | None = "-"
        else:
            name = operations.name(given[0] if given else ".")
        if name is None:
            return call(*given, **named)
        with operations.one(kind, name):
            return call(*given, **named)

    return passing


def _counted_os_open(operations: Operations, call: Callable[..., int]) -> Any:
    def counted_open(path: Any, flags: int, *given: Any, **named: Any) -> int:
        name = operations.name(path)
        if name is None:
            return call(path, flags, *given, **named)
        is_written = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        with operations.one("open" if is_written else "read open", name):
            return call(path, flags, *given, **named)

    return counted_open


def _counted_open(operations: Operations, call: Callable[..., Any]) -> Any:
    """Return `open` with counted raw files below the buffers and decoders of Python."""

    def counted_open(  # noqa: PLR0917 - as many as those of open
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,  # noqa: FBT001, FBT002 - as open has it
        opener: Any = None,
    ) -> Any:
        name = operations.name(file)
        if name is None:
            asked = (buffering, encoding, errors, newline, closefd, opener)
            return call(file, mode, *asked)
        raw_mode = mode.replace("b", "").replace("t", "")
        if opener is None and not isinstance(file, int):
            kind = "read open" if raw_mode == "r" else "open"
            with operations.one(kind, name):
                raw = CountedFile(operations, name, file, raw_mode, closefd)
        else:
            raw = CountedFile(operations, name, file, raw_mode, closefd, opener)
            name = operations.name(raw.fileno()) or name
        if "+" in mode:
            buffered: Any = io.BufferedRandom(raw)
        else:
            kept = io.BufferedReader if raw_mode == "r" else io.BufferedWriter
            buffered = kept(raw)
        if "b" in mode:
            return raw if buffering == 0 else buffered
        return io.TextIOWrapper(buffered, encoding, errors, newline, buffering == 1)

    return counted_open
