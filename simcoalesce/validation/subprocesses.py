"""Subprocesses: started on loopback, and stopped for sure."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from simcoalesce.validation.http import LOOPBACK
from simcoalesce.validation.target import CannotValidate

_GUARD: Final = """
( "$@" 1>&2 </dev/null; : ) 3>&1 &
exec 1>&2
cat
kill -KILL 0
"""
"""Ends the program and its own children when our end of its input closes: also if we
crash. On descriptor 3 a program may tell us something; it closes when the program ends,
even if the program itself has closed it."""
START_LIMIT_S: Final = 30.0
"""How long a program may take until it listens."""
_STOP_LIMIT_S: Final = 5.0
_LOOK_EVERY_S: Final = 0.02


@dataclass(frozen=True)
class Subprocess:
    """A program that runs under guard.

    Attributes:
        name: What people call it.
        process: The guard.
        said: The file with what it writes.
    """

    name: str
    process: asyncio.subprocess.Process
    said: Path

    async def line(self) -> bytes:
        """Return the next line that it says on descriptor 3; nothing at its end."""
        return await self._told.readline()

    async def listens(self, port: int) -> None:
        """Wait until it takes connections.

        Raises:
            CannotValidate: If it ends before, or takes too long.
        """
        ended = asyncio.create_task(self._told.read())
        try:
            async with asyncio.timeout(START_LIMIT_S):
                while not ended.done():
                    with suppress(ConnectionError):
                        _, writer = await asyncio.open_connection(LOOPBACK, port)
                        writer.close()
                        return
                    await asyncio.sleep(_LOOK_EVERY_S)
        except TimeoutError:
            pass
        finally:
            ended.cancel()
        raise self.did_not_start()

    def did_not_start(self) -> CannotValidate:
        """Return the error that says so, with what it said."""
        message = self.said.read_text("utf-8", errors="replace")[-2_000:]
        return CannotValidate(f"{self.name} does not start:\n{message}")

    @property
    def _told(self) -> asyncio.StreamReader:
        return cast("asyncio.StreamReader", self.process.stdout)


@asynccontextmanager
async def guarded_subprocess(
    name: str, command: Sequence[str | Path], folder: Path
) -> AsyncIterator[Subprocess]:
    """Run a program, and stop it and its own children whatever happens.

    Args:
        name: What people call it.
        command: The program and its arguments; it must stay in the foreground.
        folder: Where to keep what it writes.
    """
    said = folder / "said"
    with said.open("wb") as errors:
        starting = asyncio.create_task(
            asyncio.create_subprocess_exec(
                *("sh", "-c", _GUARD, "sh", *command),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                # Ctrl-C is for us alone: we stop it in order.
                start_new_session=True,
            )
        )
        try:
            process = await asyncio.shield(starting)
        except asyncio.CancelledError:
            # Cut off here, asyncio kills the guard alone, and waits for the program.
            await _stopped(await starting)
            raise
    try:
        yield Subprocess(name, process, said)
    finally:
        await _stopped(process)


async def _stopped(process: asyncio.subprocess.Process) -> None:
    cast("asyncio.StreamWriter", process.stdin).close()
    try:
        await asyncio.wait_for(process.wait(), _STOP_LIMIT_S)
    except TimeoutError:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
