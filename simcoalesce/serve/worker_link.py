"""Worker links: the server's end of a worker process."""

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, Final

from simcoalesce.json_text import json_text
from simcoalesce.serve.worker import work

Heard = Callable[["WorkerLink", str, int, bytes], None]
"""Called in a thread of the link: an event, its question's number, and what it says.

The event of the end, ``gone``, comes once the process has ended by itself."""

_CONTEXT: Final = get_context("forkserver")
_WARM: Final = "simcoalesce.serve.warm"


def prepare() -> None:
    """Start the process from which workers are forked, and wait until it is warm."""
    _CONTEXT.set_forkserver_preload([_WARM])
    first = _CONTEXT.Process(target=_nothing, daemon=True)
    first.start()
    first.join()


def _nothing() -> None:
    """Be the first process that is forked."""


class WorkerLink:
    """A worker process, and the thread that listens to it."""

    def __init__(self, path: str, heard: Heard) -> None:
        """Start a worker for a file."""
        self._heard, (ours, theirs) = heard, _CONTEXT.Pipe()
        self._connection: Connection[Any, Any] = ours
        self._process = _CONTEXT.Process(target=work, args=(theirs, path), daemon=True)
        self._process.start()
        theirs.close()
        Thread(target=self._listen, daemon=True).start()

    def send(self, job: dict[str, Any]) -> None:
        """Ask the worker something; if it has ended, ``gone`` says so."""
        try:
            self._connection.send_bytes(json_text(job).encode())
        except OSError:
            self._process.kill()

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()

    def _listen(self) -> None:
        try:
            while True:
                event, number, said = self._connection.recv_bytes().split(b"\n", 2)
                self._heard(self, event.decode(), int(number), said)
        except (EOFError, OSError):
            self._process.join()
            self._connection.close()
            self._heard(self, "gone", 0, b"{}")
