"""A pod: one process of the application, which serves HTTP on a port of its own.

It is started with a file that says its path, and where Redis and the origin are; it
tells its port on descriptor 3.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from simcoalesce.validation.http import (
    LOOPBACK,
    Message,
    Response,
    read_message,
    serving,
)
from simcoalesce.validation.redis_application import Asked, Fetch, Found, Pod, Step
from simcoalesce.validation.redis_lock_steps import LeaseStep, LockStep
from simcoalesce.validation.redis_protocol import RedisConnection
from simcoalesce.validation.redis_steps import (
    ReadStep,
    memory,
    redis_write,
    single_flight,
)

_READY: Final = ".ready"
_PORT_TO: Final = 3
_STEPS: Final[Mapping[str, Callable[[Step, Fetch, Pod], Fetch]]] = {
    "memory": memory,
    "single_flight": single_flight,
    "redis.read": lambda *own: ReadStep(*own).serve,
    "redis.write": redis_write,
    "distributed_lock": lambda *own: LockStep(*own).serve,
    "lease": lambda *own: LeaseStep(*own).serve,
}
"""By the kinds of the layers that they are."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class OriginCalls:
    """The origin, over connections that are kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[Connection] = []

    async def fetch(self, asked: Asked) -> Found:
        """Call it."""
        own = self._idle.pop() if self._idle else None
        reader, writer = own or await asyncio.open_connection(LOOPBACK, self._port)
        writer.write(
            f"GET /{quote(asked.key, safe='')} HTTP/1.1\r\nHost: shop\r\n"
            f"X-Request-Id: {asked.number}\r\n\r\n".encode()
        )
        message = await read_message(reader)
        self._idle.append((reader, writer))
        may_be_stored = "no-store" not in message.headers.get("cache-control", "")
        body = message.body.decode()
        return Found(message.status, body, "origin", may_be_stored=may_be_stored)


def way(path: Sequence[Step], origin: OriginCalls, pod: Pod) -> Fetch:
    """Return the steps of a path as one function."""
    fetch: Fetch = origin.fetch
    for step in reversed(path):
        fetch = _STEPS[step["kind"]](step, fetch, pod)
    return fetch


async def serve(config: Mapping[str, Any]) -> None:
    """Serve until the process is ended."""
    pod = Pod(await RedisConnection.open(config["redis_port"]))
    origin = OriginCalls(config["origin_port"])
    fetch = way(config["path"], origin, pod)

    async def ready(message: Message) -> Response:
        if "max-forwards" not in message.headers:
            await pod.connection.ask("PING")
            await origin.fetch(Asked(_READY, "0"))
        return Response(200, b"{}")

    async def handle(message: Message) -> Response:
        key = unquote(message.first_line.split(" ")[1][1:])
        if key == _READY:
            return await ready(message)
        found = await fetch(Asked(key, message.headers.get("x-request-id", "0")))
        says = f"{found.by}; {found.lookup}; detail={found.role}"
        return Response(found.status, found.body.encode(), {"Cache-Status": says})

    async with serving(handle) as port:
        os.write(_PORT_TO, b"%d\n" % port)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
