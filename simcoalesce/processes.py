"""Processes of our own: they end with this one, which alone hears Ctrl-C."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any, Final

_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


def processors() -> int:
    """Return how many cores this process may use: what is allowed, and its quota."""
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    try:
        quota, period = _QUOTA.read_text(encoding="ascii").split()
        return max(1, min(allowed, round(int(quota) / int(period))))
    except (OSError, ValueError):
        return allowed


@contextmanager
def processes(
    jobs: int, begin: Callable[..., None] | None = None, *arguments: Any
) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of processes, which are started afresh and end with the block.

    Each calls `begin` before all else, with arguments that are sent once.
    """
    pool = ProcessPoolExecutor(
        jobs,
        get_context("spawn"),
        initializer=_begin,
        initargs=(begin, *arguments),
    )
    try:
        yield pool
    except BaseException:
        # Nobody waits for what is under way after Ctrl-C.
        pool.shutdown(wait=False, cancel_futures=True)
        for process in active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def start_as_child() -> None:
    """Leave Ctrl-C to the parent of this process, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _begin(begin: Callable[..., None] | None, *arguments: Any) -> None:
    start_as_child()
    if begin is not None:
        begin(*arguments)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        sys.stderr.close()
        os._exit(1)
