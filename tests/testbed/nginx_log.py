"""A real nginx with an access log, between an open loop of clients and an origin."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from simcoalesce.model.layers.lock import Lock
from simcoalesce.model.rate_limit import RateLimit
from simcoalesce.randomness import Stream
from simcoalesce.validation.programs import free_port
from simcoalesce.validation.subprocesses import guarded_subprocess
from simcoalesce.validation.targets.nginx import Nginx, rules

LATENCY_S: Final = 0.15
LIMIT: Final = {"kind": "token_bucket", "rate": "15/s", "burst": 20}
BEGINS_S: Final = 0.3
"""How far into a second the first request may come: in all runs the same."""
_CONFIG: Final = """
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log stderr error;
{user}
events {{ worker_connections 4096; }}
http {{
  log_format own escape=json '{{"time":$msec,"method":"$request_method",'
    '"host":"$host","request_uri":"$request_uri","status":$status,'
    '"request_time":$request_time,"upstream_status":"$upstream_status",'
    '"upstream_response_time":"$upstream_response_time",'
    '"upstream_cache_status":"$upstream_cache_status"}}';
  access_log {folder}/access.log own;
  client_body_temp_path {folder}/body;
  fastcgi_temp_path {folder}/fastcgi;
  proxy_temp_path {folder}/proxy;
  scgi_temp_path {folder}/scgi;
  uwsgi_temp_path {folder}/uwsgi;
  proxy_cache_path {folder}/cache keys_zone=cache:10m inactive=1h;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://127.0.0.1:{origin_port};
      proxy_next_upstream off;
      proxy_cache cache;
      proxy_cache_key $uri;
      {rules}
    }}
  }}
}}
"""


@dataclass(frozen=True)
class NginxRun:
    """What a run left.

    Attributes:
        log: The access log.
        calls: How many calls the origin saw.
        refusals: How many of them it refused.
    """

    log: Path
    calls: int
    refusals: int


class LimitedOrigin:
    """An origin on loopback that takes 150 ms, and says 429 above its limit."""

    def __init__(self) -> None:
        """Begin with a full bucket."""
        self._limiter = RateLimit.model_validate(LIMIT).limiter()
        self._begun_s = time.monotonic()  # noqa: TID251 - the origin is a real one
        self.statuses: list[int] = []

    async def handle(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer a call, or refuse it."""
        if not await reader.readline():
            writer.close()
            return
        now_ns = round((time.monotonic() - self._begun_s) * 1e9)  # noqa: TID251 - as above
        status = 429 if self._limiter.wait_ns(now_ns) else 200
        self.statuses.append(status)
        if status == 200:
            self._limiter.take(now_ns, now_ns)
            await asyncio.sleep(LATENCY_S)
        writer.write(b"HTTP/1.0 %d said\r\nContent-Length: 2\r\n\r\nok" % status)
        await writer.drain()
        writer.close()


def open_loop(rate_per_s: float, lasts_s: float, keys: int) -> list[tuple[float, str]]:
    """Return Poisson requests: when, and for which of keys by Zipf's law."""
    count = round(rate_per_s * lasts_s)
    uniforms = Stream(5, "requests").uniforms(np.arange(2 * count))
    at_s = np.sort(uniforms[:count]) * lasts_s
    weights = np.cumsum(1 / np.arange(1, keys + 1))
    asked = np.searchsorted(weights / weights[-1], uniforms[count:])
    return [(at, f"/p/{key}") for at, key in zip(at_s.tolist(), asked.tolist(), strict=True)]


async def run_nginx(
    layer: Lock, requests: Sequence[tuple[float, str]], folder: Path
) -> NginxRun:
    """Send requests through a real nginx with the rules of a layer."""
    origin = LimitedOrigin()
    async with _started(layer, origin, folder) as port:
        now_s = time.time()  # noqa: TID251 - nginx counts by the wall clock
        await asyncio.sleep((BEGINS_S - now_s) % 1.0)
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        asked = []
        for at_s, uri in requests:
            await asyncio.sleep(max(0.0, begun_s + at_s - loop.time()))
            asked.append(asyncio.create_task(_ask(port, uri)))
        await asyncio.gather(*asked)
        await asyncio.sleep(0.3)
    refusals = origin.statuses.count(429)
    return NginxRun(folder / "access.log", len(origin.statuses), refusals)


@asynccontextmanager
async def _started(
    layer: Lock, origin: LimitedOrigin, folder: Path
) -> AsyncIterator[int]:
    server = await asyncio.start_server(origin.handle, "127.0.0.1", 0, backlog=4096)
    port, origin_port = free_port(), server.sockets[0].getsockname()[1]
    config = _CONFIG.format(
        folder=folder,
        port=port,
        origin_port=origin_port,
        # Its workers would become a user who may not enter the folder.
        user="user root;" if os.geteuid() == 0 else "",
        rules="\n      ".join(rules(layer)),
    )
    file = folder / "nginx.conf"
    file.write_text(config, encoding="utf-8")
    command = (Nginx().found(), "-e", "stderr", "-p", folder, "-c", file)
    async with server, guarded_subprocess("nginx", command, folder) as process:
        await process.listens(port)
        yield port


async def _ask(port: int, uri: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = f"GET {uri} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n"
    writer.write(said.encode())
    await reader.read()
    writer.close()
