"""Sessions: one open page, its worker, and the events that it is told.

A page has one question under way. A new one ends that; a worker that does not turn to
it at once is replaced. What takes too long is stopped.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Final

from simcoalesce.serve.worker_link import WorkerLink

_MOST_EVENTS: Final = 500
_BEAT_S: Final = 10.0


@dataclass(frozen=True)
class Patience:
    """How long is waited for a worker, in seconds.

    Attributes:
        turn_s: Until it turns to a new question; then it is replaced.
        answer_s: Until a question is answered, refinement included; then it is stopped.
    """

    turn_s: float = 0.5
    answer_s: float = 300.0


class PageSession:
    """One open page."""

    def __init__(self, path: str, patience: Patience) -> None:
        """Start a worker for the page."""
        self._path, self._patience = path, patience
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[bytes | None] = asyncio.Queue(_MOST_EVENTS)
        self._link = self._new_link()
        self._job: dict[str, Any] = {"number": 0}
        self._timer: asyncio.TimerHandle | None = None
        self._is_open = True

    def ask(self, job: dict[str, Any]) -> None:
        """Ask the worker; a change ends what is under way."""
        self._job = job
        self._link.send(job)
        is_change = job["what"] == "change"
        waited_s = self._patience.turn_s if is_change else self._patience.answer_s
        self._wait(waited_s, self._replace if is_change else self._stop)

    async def stream(self) -> AsyncGenerator[bytes]:
        """Yield events as server-sent ones, until the page is closed."""
        try:
            yield _event("hello", b"{}")
            while True:
                try:
                    event = await asyncio.wait_for(self._events.get(), _BEAT_S)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if event is None:
                    return
                yield event
        finally:
            self.close()

    def close(self) -> None:
        """End the worker, and the stream of whoever listens."""
        self._is_open = False
        self._wait(0, None)
        self._link.end()
        if not self._events.full():
            self._events.put_nowait(None)

    def _new_link(self) -> WorkerLink:
        def heard(link: WorkerLink, event: str, number: int, said: bytes) -> None:
            args = (link, event, number, said)
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._on_event, *args)

        return WorkerLink(self._path, heard)

    def _on_event(self, link: WorkerLink, event: str, number: int, said: bytes) -> None:
        # A worker that its closed page has ended has no successor.
        if link is not self._link or not self._is_open:
            return
        if event == "gone":
            self._after_end("the worker of this page ended unexpectedly")
        elif event == "started" and number == self._job["number"]:
            self._wait(self._patience.answer_s, self._stop)
        else:
            if event == "finished" and number == self._job["number"]:
                self._wait(0, None)
            self._put(_event(event, said))

    def _put(self, event: bytes) -> None:
        try:
            self._events.put_nowait(event)
        except asyncio.QueueFull:
            # Whoever does not listen for so long is gone.
            self.close()

    def _wait(self, waited_s: float, then: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if then is not None:
            self._timer = self._loop.call_later(waited_s, then)

    def _replace(self) -> None:
        """Give a question that its worker does not turn to, to another one."""
        self._link.end()
        self._link = self._new_link()
        self._link.send(self._job)
        self._wait(self._patience.answer_s, self._stop)

    def _stop(self) -> None:
        self._link.end()
        seconds = f"{self._patience.answer_s:g} s"
        self._after_end(
            f"stopped after {seconds}: simcoalesce run has no such limit, and fewer"
            " requests take less"
        )

    def _after_end(self, message: str) -> None:
        """Tell what happened, and have a new worker for the next question."""
        self._wait(0, None)
        number = self._job["number"]
        self._link = self._new_link()
        said = f'{{"number": {number}, "message": "{message}"}}'
        self._put(_event("stopped", said.encode()))


def _event(name: str, said: bytes) -> bytes:
    """Return a server-sent event; what it says is JSON, on one line."""
    return b"event: " + name.encode() + b"\ndata: " + said + b"\n\n"
