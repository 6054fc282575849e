"""As much HTTP as the testbed needs."""

import asyncio

import pytest

from simcoalesce.validation.http import (
    LOOPBACK,
    Message,
    Response,
    closed,
    read_message,
    serving,
)


async def read(text: bytes) -> Message:
    """Return a message from its text."""
    reader = asyncio.StreamReader()
    reader.feed_data(text)
    reader.feed_eof()
    return await read_message(reader)


def test_a_response_is_read_as_it_was_written() -> None:
    """Status, headers and body survive the wire."""
    response = Response(429, b"no", {"Retry-After": "2"})

    message = asyncio.run(read(response.encoded()))

    assert message.status == 429
    assert message.headers["retry-after"] == "2"
    assert message.body == b"no"


def test_a_body_in_chunks_is_put_together() -> None:
    """The runtime sends a put in chunks."""
    text = (
        b"PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )

    assert asyncio.run(read(text)).body == b"abcde"


def test_a_broken_message_is_not_taken_for_a_whole_one() -> None:
    """A connection that ends early is an error."""
    with pytest.raises(asyncio.IncompleteReadError):
        asyncio.run(read(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"))


def test_a_body_may_come_later_than_its_headers() -> None:
    """A client has the headers before it."""
    gate = asyncio.Event()

    async def body() -> bytes:
        await gate.wait()
        return b"late"

    async def slow(_: Message) -> Response:
        return Response(200, b"----", later=body)

    async def asked() -> tuple[bytes, bytes]:
        async with serving(slow) as port:
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            gate.set()
            read = await reader.readexactly(4)
            await closed(writer)
        return head, read

    head, read = asyncio.run(asked())
    assert (b"Content-Length: 4" in head, read) == (True, b"late")


def test_a_server_answers_one_request_after_another() -> None:
    """The runtime keeps its connections open."""

    async def echo(message: Message) -> Response:
        return Response(200, message.first_line.encode())

    async def asked() -> list[bytes]:
        bodies = []
        async with serving(echo) as port:
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            for path in ("/a", "/b"):
                writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
                bodies.append((await read_message(reader)).body)
            await closed(writer)
        return bodies

    assert asyncio.run(asked()) == [b"GET /a HTTP/1.1", b"GET /b HTTP/1.1"]
