"""What may be shared between the requests of one isolate, settled on the runtime."""

import asyncio
from typing import Final

import pytest

from simcoalesce.validation.http import (
    LOOPBACK,
    Message,
    Response,
    closed,
    read_message,
    serving,
)
from simcoalesce.validation.workerd_runtime import Installation, Setup, running

pytestmark = pytest.mark.testbed

WORKER: Final = """
const inFlight = new Map();

export default {
  async fetch(request, env, ctx) {
    const { shares, keepsAlive, leaderGivesUp } = env.PATH[0];
    let flight = inFlight.get("key");
    if (flight === undefined) {
      flight = ask(shares);
      inFlight.set("key", flight);
      if (keepsAlive) ctx.waitUntil(flight);
      if (leaderGivesUp) {
        await scheduler.wait(150);
        return new Response("too slow", { status: 504 });
      }
    }
    const shared = await flight;
    return new Response(shares === "text" ? shared : shared.body);
  },
};

async function ask(shares) {
  const response = await fetch("http://origin/key");
  return shares === "text" ? response.text() : response;
}
"""


async def slow_origin(_: Message) -> Response:
    """Answer after 300 ms."""
    await asyncio.sleep(0.3)
    return Response(200, b"content")


async def status_of(port: int) -> int | None:
    """Return what a client gets; None if that is nothing within two seconds."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        writer.write(b"GET /key HTTP/1.1\r\nHost: shop\r\n\r\n")
        return (await asyncio.wait_for(read_message(reader), 2)).status
    except TimeoutError:
        return None
    finally:
        await closed(writer)


def follower_gets(
    installed: Installation,
    *,
    shares: str = "text",
    keeps_alive: bool = False,
    leader_gives_up: bool = False,
) -> int | None:
    """Return what the second of two clients gets, who shares the first one's fetch."""
    worker = Installation(installed.binary, {"entry": WORKER})

    async def visited() -> int | None:
        async with serving(slow_origin) as port:
            step = {
                "shares": shares,
                "keepsAlive": keeps_alive,
                "leaderGivesUp": leader_gives_up,
            }
            setup = Setup([step], [0], port, port, False, False)  # noqa: FBT003
            async with running(worker, setup) as ports:
                leader = asyncio.create_task(status_of(ports[0]))
                await asyncio.sleep(0.05)
                follower = await status_of(ports[0])
                await leader
                return follower

    return asyncio.run(visited())


def test_a_text_can_be_shared(installed: Installation) -> None:
    """Plain content belongs to nobody."""
    assert follower_gets(installed) == 200


def test_a_response_cannot_be_shared(installed: Installation) -> None:
    """Its body belongs to the request that fetched it."""
    assert follower_gets(installed, shares="response") == 500


def test_followers_get_nothing_from_a_leader_that_is_answered_first(
    installed: Installation,
) -> None:
    """Its fetch ends with its request, and what waits for it waits in vain."""
    assert follower_gets(installed, leader_gives_up=True) in {None, 500}


def test_wait_until_keeps_the_fetch_of_a_leader_that_is_answered_first(
    installed: Installation,
) -> None:
    """The fetch outlives its request, and followers get its content."""
    assert follower_gets(installed, leader_gives_up=True, keeps_alive=True) == 200
