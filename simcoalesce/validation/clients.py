"""Clients: requests at the instants of the scenario, each over its own connection."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Final
from urllib.parse import quote

from simcoalesce.outcomes import CLIENT_LEFT
from simcoalesce.request import Request, Requests
from simcoalesce.validation.host_layers import Series
from simcoalesce.validation.http import LOOPBACK, Message, closed, read_message
from simcoalesce.validation.model_time import ModelTime

_OPENS_AHEAD_S: Final = 1.0
"""How long before its request a connection is opened: the runtime drops idle ones."""
_OF_THE_ORIGIN: Final = b'{"made_at_ns"'
_PATIENCE_S: Final = 55.0
_PROBE_EVERY_S: Final = 0.05

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """One request of a client, and its answer.

    Attributes:
        sent_at_ns: When the request was sent.
        completed_at_ns: When the answer was complete, or the client hung up.
        message: The answer; None if the connection broke.
        has_left: Whether the client hung up before its answer came.
    """

    sent_at_ns: int
    completed_at_ns: int
    message: Message | None
    has_left: bool = False

    @property
    def status(self) -> int:
        """Of the answer; 500 if the connection broke, 499 if the client did it."""
        if self.has_left:
            return CLIENT_LEFT
        return self.message.status if self.message else 500

    @property
    def made_at_ns(self) -> int | None:
        """When the origin made the content, if there is any."""
        return self._said("made_at_ns")

    @property
    def complete_at_ns(self) -> int | None:
        """When the origin sent the last byte of it, if there is any."""
        return self._said("complete_at_ns")

    def _said(self, name: str) -> int | None:
        # A server's own errors say other things.
        if self.message is None or not self.message.body.startswith(_OF_THE_ORIGIN):
            return None
        return int(json.loads(self.message.body)[name])


class Clients:
    """All clients of a run."""

    def __init__(
        self,
        requests: Requests,
        keys: Sequence[str],
        *,
        ports: Sequence[int],
        time: ModelTime,
        hang_ups: Sequence[int | None] = (),
    ) -> None:
        """Prepare the requests.

        Args:
            requests: When each is due, and for which key.
            keys: Names of the keys.
            ports: Where the isolate of each listens.
            time: The clock.
            hang_ups: After how many nanoseconds each client hangs up, if it does; all
                stay if empty.
        """
        self._hang_ups = hang_ups or [None] * len(requests)
        self._due_ns: list[int] = requests.arrived_at_ns.tolist()
        self._ports = ports
        self._time = time
        self._texts = [
            _text(requests.request(number), keys) for number in range(len(requests))
        ]

    async def send(self) -> list[ClientRequest]:
        """Send all requests at their instants; return them with their answers."""
        opened = [
            asyncio.create_task(self._opened(number))
            for number in range(len(self._texts))
        ]
        sent: list[asyncio.Task[ClientRequest]] = []
        for number, due_ns in enumerate(self._due_ns):
            await self._time.until(due_ns)
            reader, writer = await opened[number]
            sent_at_ns = self._time.now_ns()
            writer.write(self._texts[number])
            hangs_up_at_ns = None
            if (after_ns := self._hang_ups[number]) is not None:
                hangs_up_at_ns = sent_at_ns + after_ns
            answered = self._answered(sent_at_ns, reader, writer, hangs_up_at_ns)
            sent.append(asyncio.create_task(answered))
        return await asyncio.gather(*sent)

    async def _opened(self, number: int) -> Connection:
        ahead_ns = self._time.model_ns(_OPENS_AHEAD_S * 1e9)
        await self._time.until(self._due_ns[number] - ahead_ns)
        return await asyncio.open_connection(LOOPBACK, self._ports[number])

    async def _answered(
        self,
        sent_at_ns: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        hangs_up_at_ns: int | None,
    ) -> ClientRequest:
        answer = asyncio.create_task(_message(reader))
        if hangs_up_at_ns is not None:
            leaving = asyncio.create_task(self._time.until(hangs_up_at_ns))
            await asyncio.wait({answer, leaving}, return_when=asyncio.FIRST_COMPLETED)
            leaving.cancel()
        has_left = hangs_up_at_ns is not None and not answer.done()
        if has_left:
            answer.cancel()
        message = None if has_left else await answer
        completed_at_ns = self._time.now_ns()
        await closed(writer)
        return ClientRequest(sent_at_ns, completed_at_ns, message, has_left)


def _text(request: Request, keys: Sequence[str]) -> bytes:
    """Return a request as it goes over the wire: what no store may answer is a POST."""
    url = f"/{quote(keys[request.key], safe='')}"
    first = f"GET {url} HTTP/1.1"
    if not request.storable:
        first = f"POST {url} HTTP/1.1\r\nContent-Length: 0"
    return f"{first}\r\nHost: shop\r\nX-Request-Id: {request.id}\r\n\r\n".encode()


async def _message(reader: asyncio.StreamReader) -> Message | None:
    """Return the answer; None if the connection breaks."""
    broken = (TimeoutError, ConnectionError, asyncio.IncompleteReadError)
    with suppress(*broken):
        async with asyncio.timeout(_PATIENCE_S):
            return await read_message(reader)
    return None


async def probe(port: int) -> None:
    """Send a request for nothing the whole way, and wait for its answer."""
    async with _connection(port) as (reader, writer):
        await _ready(reader, writer)


async def request_s(port: int, requests: int) -> float:
    """Send many requests for nothing at once; return the real seconds of each."""
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(_connection(port)) for _ in range(requests)
        ]
        began_s = perf_counter()
        await asyncio.gather(*(_ready(*connection) for connection in opened))
        return (perf_counter() - began_s) / requests


async def round_trips(port: int, time: ModelTime) -> Series:
    """Ask the first who gets it for nothing, again and again until cancelled.

    Not an object: there it would wait with the clients for the object's mutex.

    Returns:
        When each began, and what it took, in model time.
    """
    trips: list[tuple[int, int]] = []
    with suppress(asyncio.CancelledError):
        async with _connection(port) as (reader, writer):
            while True:
                began_ns = time.now_ns()
                await _ready(reader, writer, "Max-Forwards: 0\r\n")
                trips.append((began_ns, time.now_ns() - began_ns))
                await asyncio.sleep(_PROBE_EVERY_S)
    return tuple(trips)


async def _ready(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, header: str = ""
) -> None:
    writer.write(f"GET /.ready HTTP/1.1\r\nHost: shop\r\n{header}\r\n".encode())
    await read_message(reader)


@asynccontextmanager
async def _connection(port: int) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        yield reader, writer
    finally:
        await closed(writer)
