"""The server: the application on a port of this machine that nobody else can reach."""

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from typing_extensions import override

from simcoalesce.serve.app import Pages, create_app

HOST: Final = "127.0.0.1"


def serve(path: Path, *, port: int = 0, on_ready: Callable[[str], None]) -> None:
    """Serve pages about a scenario file until Ctrl-C.

    Args:
        path: The file.
        port: Where to listen; a free one if 0.
        on_ready: Called with the address once it answers.

    Raises:
        OSError: If the port is taken.
    """
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with listening:
        listening.bind((HOST, port))
        port = listening.getsockname()[1]
        app = create_app(path, port=port)
        server = _Server(_config(app), app.state.pages)
        server.when_ready = lambda: on_ready(f"http://{HOST}:{port}/")
        # uvicorn raises it again, once all pages are closed.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=64,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=1,
    )


class _Server(uvicorn.Server):
    """A server that says when it answers, and closes its pages before it ends."""

    when_ready: Callable[[], None]

    def __init__(self, config: uvicorn.Config, pages: Pages) -> None:
        super().__init__(config)
        self._pages = pages

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._pages.prepare()
        self.when_ready()

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._pages.close()
        await super().shutdown(sockets)
