"""Processes of our own: they end with this one, which alone hears Ctrl-C."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from typing_extensions import override

P = ParamSpec("P")
T = TypeVar("T")
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")
_NO_THREAD: Final = "can't start new thread"
_LOOK_S: Final = 1


class NotStartedError(Exception):
    """The system starts no further process, or no further thread."""


@contextmanager
def starting() -> Iterator[None]:
    """Say that processes or threads which the block starts are refused.

    Raises:
        NotStartedError: Instead of the system's error.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and _NO_THREAD not in str(error):
            raise
        reason = getattr(error, "strerror", None) or error
        raise NotStartedError(f"no process can be started: {reason}") from error


class Processes(ProcessPoolExecutor):
    """A pool that says when a process is refused, and does not wait for the dead."""

    @override
    def submit(
        self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Hand something out, and start a process if none is idle.

        Raises:
            NotStartedError: If that is refused.
        """
        with starting(), _uninterrupted():
            return super().submit(fn, *args, **kwargs)

    def first_of(
        self, futures: Iterable[Future[T]]
    ) -> tuple[set[Future[T]], set[Future[T]]]:
        """Wait for one of some things; return what is done, and what is not.

        Raises:
            BrokenProcessPool: If nobody does them any more. Python itself would wait
                for ever where a process dies while another one starts.
        """
        while True:
            thread: Any = self._executor_manager_thread
            is_served = thread is not None and thread.is_alive()
            done, rest = wait(futures, _LOOK_S, FIRST_COMPLETED)
            if done:
                return done, rest
            if not is_served:
                raise BrokenProcessPool("the processes are gone")


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait: a process has it from birth, and it is not half started."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _quiet() -> Iterator[None]:
    """Let the threads of a pool say nothing of a thread that they cannot start."""
    before = threading.excepthook

    def said(thread: threading.ExceptHookArgs) -> None:
        if _NO_THREAD not in str(thread.exc_value):
            before(thread)

    threading.excepthook = said
    try:
        yield
    finally:
        threading.excepthook = before


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
) -> Iterator[Processes]:
    """Yield a pool of processes, which are started afresh and end with the block.

    Each calls `begin` before all else, with arguments that are sent once.

    Raises:
        NotStartedError: If the system has no queues for them.
    """
    with starting():
        pool = Processes(
            jobs,
            get_context("spawn"),
            initializer=_begin,
            initargs=(begin, *arguments),
        )
    try:
        with _quiet():
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
    threading.Thread(target=_end_with_parent, daemon=True).start()


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
