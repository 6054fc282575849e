"""As much HTTP/1.1 as the testbed needs: a server and a client on loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, cast

LOOPBACK: Final = "127.0.0.1"
_ENDS: Final = (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError)
_REASON: Final = {200: "OK", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response: its first line, its headers in lower case, its body."""

    first_line: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def status(self) -> int:
        """The status of a response."""
        return int(self.first_line.split(" ", 2)[1])


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answers."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    later: Callable[[], Awaitable[bytes]] | None = None
    """Brings a body as long as `body`, in its place, after the headers."""

    def encoded(self) -> bytes:
        """Return it as it goes over the wire."""
        return self.head() + self.body

    def head(self) -> bytes:
        """Return what goes before the body."""
        reason = _REASON.get(self.status, "Error")
        lines = [
            f"HTTP/1.1 {self.status} {reason}",
            f"Content-Length: {len(self.body)}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode()


Answered = Callable[[Message], Awaitable[Response]]


async def read_message(reader: asyncio.StreamReader) -> Message:
    """Read a request or a response to its end.

    Raises:
        asyncio.IncompleteReadError: If the other side closes before.
    """
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first_line, *lines = head.rstrip("\r\n").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if headers.get("transfer-encoding") == "chunked":
        return Message(first_line, headers, await _read_chunks(reader))
    length = int(headers.get("content-length", "0"))
    body = await reader.readexactly(length) if length else b""
    return Message(first_line, headers, body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return body


@asynccontextmanager
async def serving(answered: Answered) -> AsyncIterator[int]:
    """Serve on a free loopback port, which is given; at the end all is closed."""
    conversations: set[asyncio.Task[None]] = set()

    async def converse(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        conversations.add(task)
        try:
            # The other side closes when it has no more to ask, or is stopped; or we do.
            with suppress(*_ENDS):
                while True:
                    answer = await answered(await read_message(reader))
                    if answer.later is None:
                        writer.write(answer.encoded())
                        continue
                    writer.write(answer.head())
                    writer.write(await answer.later())
        finally:
            conversations.discard(task)
            await closed(writer)

    server = await asyncio.start_server(converse, LOOPBACK, 0, backlog=4096)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        open_ones = [*conversations]
        for conversation in open_ones:
            conversation.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)


async def closed(writer: asyncio.StreamWriter) -> None:
    """Close a connection, whatever the other side did to it."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
