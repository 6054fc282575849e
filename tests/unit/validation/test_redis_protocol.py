"""Redis' protocol: what is sent, and how replies are read."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from simcoalesce.validation.http import LOOPBACK
from simcoalesce.validation.redis_protocol import RedisConnection, RedisError


def told(replies: bytes, ask: Callable[[RedisConnection], Awaitable[Any]]) -> Any:
    """Return what a question gives, of a server that always replies the same."""

    async def converse(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"$4\r\nlast\r\n")
            writer.write(replies)
            await reader.read()
        writer.close()

    async def run() -> Any:
        server = await asyncio.start_server(converse, LOOPBACK, 0)
        connection = await RedisConnection.open(server.sockets[0].getsockname()[1])
        try:
            return await asyncio.wait_for(ask(connection), 5)
        finally:
            await connection.close()
            server.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        (b"+OK\r\n", "OK"),
        (b":7\r\n", 7),
        (b"$-1\r\n", None),
        (b"$5\r\na\r\nbc\r\n", "a\r\nbc"),
        (b"*2\r\n$3\r\nhit\r\n:1\r\n", ["hit", 1]),
    ],
)
def test_each_kind_of_reply_is_read(reply: bytes, meaning: object) -> None:
    """Texts by their length, lists by their members."""
    assert told(reply, lambda one: one.ask("last")) == meaning


def test_replies_are_given_in_the_order_of_the_commands() -> None:
    """Over one connection, though nobody waits for the other."""

    async def both(connection: RedisConnection) -> tuple[Any, Any]:
        first, second = connection.ask("first"), connection.ask("last")
        one, two = await asyncio.gather(first, second)
        return one, two

    assert told(b":1\r\n:2\r\n", both) == (1, 2)


def test_what_the_server_refuses_is_an_error() -> None:
    """With what it says."""
    with pytest.raises(RedisError, match="ERR syntax"):
        told(b"-ERR syntax\r\n", lambda one: one.ask("last"))
