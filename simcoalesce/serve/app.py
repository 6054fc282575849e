"""The application: a page, its files, its questions, and the events of answers."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from simcoalesce.report.html.inlined import SHARED
from simcoalesce.serve.guard import PageGuard
from simcoalesce.serve.page_session import PageSession, Patience
from simcoalesce.serve.worker_link import prepare

_STATIC: Final = Path(__file__).parent / "static"
_MOST_BYTES: Final = 64 << 10
_MOST_PAGES: Final = 8
_BODY_S: Final = 10.0
_NAME: Final = re.compile(r"[0-9a-f-]{8,40}")
_ASKED: Final = ("change", "why", "explain")


class WrongQuestion(ValueError):  # noqa: N818 - the name says what is wrong
    """A body that is no question of a page."""


class Pages:
    """The open pages of a server, and what they ask."""

    def __init__(self, path: Path, patience: Patience) -> None:
        """Serve a file."""
        self._path, self._patience = str(path), patience
        self._open: dict[str, PageSession] = {}
        self._warm: asyncio.Future[None] | None = None

    def prepare(self) -> asyncio.Future[None]:
        """Warm the workers up, once; return what is done when they are."""
        if self._warm is None:
            loop = asyncio.get_running_loop()
            self._warm = loop.run_in_executor(None, prepare)
        return self._warm

    def close(self) -> None:
        """Close every page: the server ends."""
        for page in self._open.values():
            page.close()

    async def index(self, _request: Request) -> Response:
        """Return the page itself; workers get ready meanwhile."""
        self.prepare()
        return FileResponse(_STATIC / "index.html")

    async def events(self, request: Request) -> Response:
        """Open a page: its events, for as long as it listens."""
        name = request.query_params.get("page", "")
        if not _NAME.fullmatch(name):
            return _refused(400, "a page has a name of its own")
        if name not in self._open and len(self._open) >= _MOST_PAGES:
            return _refused(503, f"{_MOST_PAGES} pages are open already; close one")
        if name in self._open:
            self._open.pop(name).close()
        await asyncio.shield(self.prepare())
        page = self._open[name] = PageSession(self._path, self._patience)
        return StreamingResponse(
            self._listened(name, page),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    async def _listened(self, name: str, page: PageSession) -> Any:
        try:
            async for event in page.stream():
                yield event
        finally:
            page.close()
            if self._open.get(name) is page:
                del self._open[name]

    async def ask(self, request: Request) -> Response:
        """Take a question; the events of its page answer it."""
        try:
            asked = await _question(request)
        except WrongQuestion as error:
            return _refused(400, str(error))
        page = self._open.get(asked.pop("page"))
        if page is None:
            return _refused(409, "this page is not open; it opens again by itself")
        page.ask(asked)
        return JSONResponse({"number": asked["number"]}, 202)


async def _question(request: Request) -> dict[str, Any]:
    """Read a question of a bounded size, within a bounded time.

    Raises:
        WrongQuestion: If it is none.
    """
    if request.headers.get("content-type") != "application/json":
        raise WrongQuestion("a question is application/json")
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_S):
            async for part in request.stream():
                body += part
                if len(body) > _MOST_BYTES:
                    raise WrongQuestion(f"a question has at most {_MOST_BYTES:,} bytes")
        asked = json.loads(bytes(body))
    except TimeoutError:
        raise WrongQuestion("the question did not come in time") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, WrongQuestion):
            raise
        raise WrongQuestion("a question is JSON") from None
    return _checked(asked)


def _checked(asked: Any) -> dict[str, Any]:
    if not isinstance(asked, dict) or asked.get("what") not in _ASKED:
        raise WrongQuestion("a question is a change, a why or an explain")
    number, page = asked.get("number"), asked.get("page")
    is_number = isinstance(number, int) and not isinstance(number, bool)
    if not is_number or not isinstance(page, str):
        raise WrongQuestion("a question has the number and the page that it is of")
    return asked


def _refused(status: int, message: str) -> Response:
    return JSONResponse({"message": message}, status)


def create_app(path: Path, *, port: int, patience: Patience | None = None) -> Starlette:
    """Return the application that serves pages about a scenario file.

    Args:
        path: The file.
        port: Where it listens; other names and ports are refused.
        patience: How long workers are waited for.
    """
    pages = Pages(path, patience or Patience())
    app = Starlette(
        routes=[
            Route("/", pages.index),
            Route("/events", pages.events),
            Route("/ask", pages.ask, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
            Mount("/shared", StaticFiles(directory=SHARED)),
        ],
        middleware=[Middleware(PageGuard, port=port)],
    )
    app.state.pages = pages
    return app
