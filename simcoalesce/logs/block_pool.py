"""Block pool: the blocks of a large file are read by two processes, in order."""

import gc
import pickle
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from logging import getLogger
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from simcoalesce.logs.block_columns import BlockColumns, BlockReader
from simcoalesce.logs.sources import LineBlock
from simcoalesce.processes import NotStartedError, Processes, processes, processors
from simcoalesce.regular_file import opened
from simcoalesce.spec import InputFile

if TYPE_CHECKING:
    from concurrent.futures import Future

MOST_PROCESSES: Final = 2
_LARGE_BYTES: Final = 64 << 20
"""A smaller file is read before processes have started, half a second for each."""
_LARGE_PACKED_BYTES: Final = 8 << 20
_AHEAD: Final = 3
_GUARDED: Final = frozenset({"__main__.py", "simcoalesce", "simcoalesce.exe", "pytest"})
"""Programs that may be imported by the processes that they start."""
_GUARD: Final = "__name__"
_log: Final = getLogger(__name__)

HeadedBlock: TypeAlias = tuple[LineBlock, BlockReader, int]
"""A block, who reads it, and how many of its lines are a head."""


def is_large(file: InputFile) -> bool:
    """Return whether processes are worth their start, and may be started.

    A process that was started imports the program that started it. A script that never
    asks for its own name would do all of its work once more, so it reads by itself.

    Raises:
        ValueError: If the file cannot be read any more.
    """
    try:
        size = file.path.stat().st_size
        with opened(file.path) as raw:
            is_text = b"\n" in raw.read(1 << 16)
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from error
    if size < (_LARGE_BYTES if is_text else _LARGE_PACKED_BYTES):
        return False
    program = getattr(sys.modules.get("__main__"), "__file__", None)
    return _is_guarded(program) and parent_process() is None and processors() > 1


def _is_guarded(program: str | None) -> bool:
    if program is None or Path(program).name in _GUARDED:
        return True
    try:
        return _GUARD in Path(program).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def read_blocks(blocks: Iterable[HeadedBlock], *, jobs: int) -> Iterator[BlockColumns]:
    """Yield what each block says, in order.

    Where the system starts no process, or one dies, this process reads the rest.

    Args:
        blocks: Those of a file, who reads each, and how many of its lines are a head.
        jobs: How many processes read; 1: this one.
    """
    source = iter(blocks)
    begun: deque[HeadedBlock] = deque()
    if jobs > 1:
        try:
            yield from _read_apart(source, jobs, begun)
        except (NotStartedError, BrokenProcessPool) as error:
            _log.warning("%s; this process reads the log", error)
    for block, reader, skip in chain(begun, source):
        with _no_collections():
            found = reader.read(block, skip)
        yield found


def _read_apart(
    blocks: Iterator[HeadedBlock], jobs: int, begun: deque[HeadedBlock]
) -> Iterator[BlockColumns]:
    """Yield what other processes read; keep those that are begun, in order."""
    waiting: deque[Future[BlockColumns]] = deque()
    with processes(jobs, gc.disable) as pool:
        for block in blocks:
            begun.append(block)
            waiting.append(pool.submit(read_there, *_sent(block)))
            if len(waiting) > _AHEAD * jobs:
                yield _taken(pool, waiting, begun)
        while waiting:
            yield _taken(pool, waiting, begun)


def _sent(given: HeadedBlock) -> tuple[bytes, LineBlock, int]:
    block, reader, skip = given
    return pickle.dumps(reader), block, skip


def _taken(
    pool: Processes,
    waiting: "deque[Future[BlockColumns]]",
    begun: deque[HeadedBlock],
) -> BlockColumns:
    pool.first_of([waiting[0]])
    found = waiting.popleft().result()
    begun.popleft()
    return found


@contextmanager
def _no_collections() -> Iterator[None]:
    """Collect no garbage meanwhile: rows are many, and none of them is a cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@lru_cache(maxsize=2)
def _as_before(reader: bytes) -> BlockReader:
    """Return a reader; the same one for the same bytes, with all that it has made."""
    found: BlockReader = pickle.loads(reader)  # noqa: S301 - our own, from our parent
    return found


def read_there(reader: bytes, block: LineBlock, skip: int) -> BlockColumns:
    """Return what a block says, in another process."""
    return _as_before(reader).read(block, skip)
