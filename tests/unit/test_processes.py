"""Processes of our own, where the system starts none."""

import errno
import signal
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import util

import pytest

from simcoalesce import processes as pools
from simcoalesce.processes import NotStartedError, processes, starting


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOMEM, "no memory"), RuntimeError("can't start new thread")],
)
def test_a_limit_of_the_system_is_said(error: Exception) -> None:
    """Whichever limit it is: of processes, threads, memory or descriptors."""
    with (
        pytest.raises(NotStartedError, match=r"no process can be started: "),
        starting(),
    ):
        raise error


def test_another_error_stays_what_it_is() -> None:
    """A pool that is broken is not one that cannot be started."""
    with pytest.raises(BrokenProcessPool), starting():
        raise BrokenProcessPool("dead")


def test_a_process_that_is_refused_is_no_error_of_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C is heard again behind it."""

    def refused(*_: object) -> int:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(util, "spawnv_passfds", refused)
    with pytest.raises(NotStartedError, match="temporarily"), processes(2) as pool:
        pool.submit(abs, -1)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


def test_nobody_waits_for_a_pool_that_is_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python's own pool loses what is handed out while a process dies."""
    monkeypatch.setattr(pools, "_LOOK_S", 0)
    with pytest.raises(BrokenProcessPool, match="gone"), processes(1) as pool:
        pool.first_of([Future[int]()])
