"""Sessions of a page: which worker answers, and what is told; workers are stand-ins."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from simcoalesce.serve import page_session
from simcoalesce.serve.page_session import PageSession, Patience

Heard = Callable[[Any, str, int, bytes], None]


class StandIn:
    """A worker that says only what a test lets it say."""

    def __init__(self, heard: Heard) -> None:
        """Listen to nobody yet."""
        self.heard, self.jobs, self.has_ended = heard, list[Any](), False

    def send(self, job: Any) -> None:
        """Remember a question."""
        self.jobs.append(job)

    def end(self) -> None:
        """Remember the end."""
        self.has_ended = True

    def say(self, event: str, number: int = 1) -> None:
        """Say something, as a thread of the link does."""
        self.heard(self, event, number, b'{"number": 1}')


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[StandIn]:
    """Return the workers that sessions start."""
    made: list[StandIn] = []

    def start(_path: str, heard: Heard) -> StandIn:
        made.append(StandIn(heard))
        return made[-1]

    monkeypatch.setattr(page_session, "WorkerLink", start)
    return made


async def events(session: PageSession, number: int) -> list[str]:
    """Return the names of the next events."""
    stream = session.stream()
    told = [await anext(stream) for _ in range(number)]
    await stream.aclose()
    return [one.split(b"\n")[0].removeprefix(b"event: ").decode() for one in told]


CHANGE = {"what": "change", "number": 1}


def test_what_a_worker_says_is_passed_on(workers: list[StandIn]) -> None:
    """But that it turned to a question: that is for the session."""

    async def told() -> list[str]:
        session = PageSession("sale.yaml", Patience())
        session.ask(CHANGE)
        for event in ("started", "charts", "finished"):
            workers[0].say(event)
        return await events(session, 3)

    assert asyncio.run(told()) == ["hello", "charts", "finished"]
    assert workers[0].has_ended


def test_a_worker_that_does_not_turn_to_a_change_is_replaced(
    workers: list[StandIn],
) -> None:
    """Its successor gets the question; what the old one says then is dropped."""

    async def told() -> list[str]:
        session = PageSession("sale.yaml", Patience(turn_s=0.01))
        session.ask(CHANGE)
        await asyncio.sleep(0.05)
        workers[0].say("charts", 0)
        workers[1].say("page")
        return await events(session, 2)

    assert asyncio.run(told()) == ["hello", "page"]
    assert workers[0].has_ended
    assert workers[1].jobs == [CHANGE]


def test_a_question_that_takes_too_long_is_stopped(workers: list[StandIn]) -> None:
    """The page is told, and has a new worker for its next question."""

    async def told() -> list[str]:
        session = PageSession("sale.yaml", Patience(answer_s=0.01))
        session.ask(CHANGE)
        workers[0].say("started")
        await asyncio.sleep(0.05)
        return await events(session, 2)

    assert asyncio.run(told()) == ["hello", "stopped"]
    assert workers[0].has_ended
    assert len(workers) == 2


def test_a_worker_that_ends_by_itself_is_told_of(workers: list[StandIn]) -> None:
    """As one that the system ends for its memory."""

    async def told() -> list[str]:
        session = PageSession("sale.yaml", Patience())
        session.ask(CHANGE)
        workers[0].say("gone", 0)
        return await events(session, 2)

    assert asyncio.run(told()) == ["hello", "stopped"]
    assert len(workers) == 2


def test_a_closed_page_leaves_no_worker(workers: list[StandIn]) -> None:
    """The end of its own one is no reason for another."""

    async def told() -> list[str]:
        session = PageSession("sale.yaml", Patience())
        session.ask(CHANGE)
        await events(session, 1)
        workers[0].say("gone", 0)
        await asyncio.sleep(0.01)
        return [job["what"] for one in workers for job in one.jobs]

    assert asyncio.run(told()) == ["change"]
    assert [one.has_ended for one in workers] == [True]


def test_a_page_that_does_not_listen_is_closed(workers: list[StandIn]) -> None:
    """What it is told waits for it only so long."""

    async def told() -> None:
        PageSession("sale.yaml", Patience())
        for _ in range(600):
            workers[0].say("progress")
        await asyncio.sleep(0.01)

    asyncio.run(told())

    assert workers[0].has_ended
