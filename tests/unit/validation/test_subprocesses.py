"""Child processes: started under guard, and stopped with their own children."""

import asyncio
from pathlib import Path

import pytest

from simcoalesce.validation.http import Response, serving
from simcoalesce.validation.subprocesses import guarded_subprocess
from simcoalesce.validation.target import CannotValidate
from tests.testbed.processes import ended

TWO_SLEEPERS = "sleep 60 & echo $! >&3; sleep 60"


async def first_line(program: str, folder: Path) -> bytes:
    """Run a program until it says something; return what that is."""
    async with guarded_subprocess("sh", ["sh", "-c", program], folder) as child:
        return await child.line()


def test_a_program_is_stopped_with_its_own_children(tmp_path: Path) -> None:
    """A server's workers would outlive it otherwise."""
    line = asyncio.run(first_line(TWO_SLEEPERS, tmp_path))

    assert ended([int(line)])


def test_a_program_that_ends_says_nothing_more(tmp_path: Path) -> None:
    """Even if it has closed what it could say it on."""
    assert asyncio.run(first_line("exec 3>&-; true", tmp_path)) == b""


def test_a_server_that_ends_at_once_has_said_why(tmp_path: Path) -> None:
    """One does not wait for what will never listen."""

    async def waited() -> None:
        program = ["sh", "-c", "echo no such option >&2; exit 1"]
        async with guarded_subprocess("nginx", program, tmp_path) as child:
            await child.listens(1)

    with pytest.raises(CannotValidate, match="nginx does not start:\nno such option"):
        asyncio.run(waited())


def test_a_server_has_started_when_it_takes_connections(tmp_path: Path) -> None:
    """Its process may have been there for a while."""

    async def nothing(_: object) -> Response:
        return Response(200)

    async def waited() -> None:
        async with (
            serving(nothing) as port,
            guarded_subprocess("sleep", ["sleep", "60"], tmp_path) as child,
        ):
            await child.listens(port)

    asyncio.run(waited())
