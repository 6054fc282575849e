"""Block pool: the blocks of a large file are read by two processes, in order."""

import gc
import pickle
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simcoalesce.logs.block_columns import BlockColumns, BlockReader
from simcoalesce.logs.sources import LineBlock
from simcoalesce.processes import processes, processors
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


def is_large(file: InputFile) -> bool:
    """Return whether processes are worth their start, and may be started.

    A process that was started imports the program that started it. A script that never
    asks for its own name would do all of its work once more, so it reads by itself.
    """
    size = file.path.stat().st_size
    with opened(file.path) as raw:
        is_text = b"\n" in raw.read(1 << 16)
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


def read_blocks(
    blocks: Iterable[tuple[LineBlock, BlockReader, int]], *, jobs: int
) -> Iterator[BlockColumns]:
    """Yield what each block says, in order.

    Args:
        blocks: Those of a file, who reads each, and how many of its lines are a head.
        jobs: How many processes read; 1: this one.
    """
    if jobs == 1:
        for block, reader, skip in blocks:
            with _no_collections():
                found = reader.read(block, skip)
            yield found
        return
    waiting: deque[Future[BlockColumns]] = deque()
    with processes(jobs, gc.disable) as pool:
        for block, reader, skip in blocks:
            sent = pickle.dumps(reader)
            waiting.append(pool.submit(read_there, sent, block, skip))
            if len(waiting) > _AHEAD * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


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
