"""Clients: each sends its request at its instant, and may hang up."""

import asyncio

from simcoalesce.validation.clients import ClientRequest, Clients
from simcoalesce.validation.http import Message, Response, serving
from tests.builders import at_ms
from tests.unit.validation.builders import MS, a_model_time


def answered(hang_ups: list[int | None]) -> list[ClientRequest]:
    """Return what becomes of two clients; nobody ever answers the first."""
    never = asyncio.Event()

    async def answer(message: Message) -> Response:
        if message.headers["x-request-id"] == "0":
            await never.wait()
        return Response(200, b"{}")

    async def sent() -> list[ClientRequest]:
        async with serving(answer) as port:
            clients = Clients(
                at_ms(0, 0),
                ["key"],
                ports=[port, port],
                time=a_model_time(),
                hang_ups=hang_ups,
            )
            return await clients.send()

    return asyncio.run(sent())


def test_a_client_hangs_up_after_its_time() -> None:
    """And not before; the other has its answer."""
    left, stayed = answered([20 * MS, None])

    assert (left.status, stayed.status) == (499, 200)
    assert left.completed_at_ns - left.sent_at_ns >= 20 * MS


def test_who_has_an_answer_in_time_does_not_hang_up() -> None:
    """An hour is not waited for."""
    _, stayed = answered([1 * MS, 3_600_000 * MS])

    assert stayed.status == 200


def test_what_no_store_may_answer_is_sent_as_a_post() -> None:
    """The first is a GET, the second a POST."""
    came: dict[str, str] = {}

    async def answer(message: Message) -> Response:
        came[message.headers["x-request-id"]] = message.first_line
        return Response(200, b"{}")

    async def sent() -> None:
        requests, time = at_ms(0, 0, bypass=[1]), a_model_time()
        async with serving(answer) as port:
            await Clients(requests, ["a b"], ports=[port, port], time=time).send()

    asyncio.run(sent())

    assert came == {"0": "GET /a%20b HTTP/1.1", "1": "POST /a%20b HTTP/1.1"}
