"""As much of Redis' protocol as the testbed needs: commands and their replies."""

import asyncio
from collections import deque
from typing import Any, Final

from simcoalesce.validation.http import LOOPBACK, closed

_MOST: Final = 1 << 20


class RedisError(Exception):
    """What the server says is wrong with a command."""


class RedisConnection:
    """One connection; commands of many tasks go over it one after the other."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._awaited: deque[asyncio.Future[Any]] = deque()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, port: int) -> "RedisConnection":
        """Return a connection to a server on loopback."""
        return cls(*await asyncio.open_connection(LOOPBACK, port, limit=_MOST))

    async def close(self) -> None:
        """Close it."""
        self._reading.cancel()
        await closed(self._writer)

    async def ask(self, *command: str | int) -> Any:
        """Send a command; return its reply: a text, a number, a list, or None.

        Raises:
            RedisError: If the server does not take it.
        """
        words = [str(word).encode() for word in command]
        parts = [b"*%d\r\n" % len(words)]
        parts += [b"$%d\r\n%s\r\n" % (len(word), word) for word in words]
        reply = asyncio.get_running_loop().create_future()
        self._awaited.append(reply)
        self._writer.write(b"".join(parts))
        return await reply

    async def _read(self) -> None:
        while True:
            try:
                reply: Any = await self._reply()
            except RedisError as error:
                reply = error
            awaited = self._awaited.popleft()
            if awaited.done():
                continue
            if isinstance(reply, RedisError):
                awaited.set_exception(reply)
            else:
                awaited.set_result(reply)

    async def _reply(self) -> Any:
        line = (await self._reader.readuntil(b"\r\n"))[:-2]
        kind, rest = line[:1], line[1:]
        match kind:
            case b"+":
                return rest.decode()
            case b":":
                return int(rest)
            case b"$":
                size = int(rest)
                if size < 0:
                    return None
                return (await self._reader.readexactly(size + 2))[:-2].decode()
            case b"*":
                return [await self._reply() for _ in range(int(rest))]
            case _:
                raise RedisError(rest.decode())
