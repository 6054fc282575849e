"""Guard: only a page of this server may ask it, and pages run nothing of others.

A name of somebody else's that leads to this machine (DNS rebinding) is another Host; a
page of somebody else's has another Origin. Both are refused, whatever they ask.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAMES: Final = ("127.0.0.1", "localhost")
_USUAL: Final = 80
_OWN: Final = ("same-origin", "none")
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""What every answer says."""


class PageGuard:
    """Refuses whoever is not a page of this server, and adds HEADERS to each answer."""

    def __init__(self, app: ASGIApp, *, port: int) -> None:
        """Guard an application that listens on a port."""
        self._app = app
        hosts = {f"{name}:{port}" for name in _NAMES}
        # Browsers leave the usual port out.
        self._hosts = hosts | {*_NAMES} if port == _USUAL else hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        reason = self._refuses(Headers(scope=scope))
        app = PlainTextResponse(reason, 403) if reason else self._app
        await app(scope, receive, guarded)

    def _refuses(self, headers: Headers) -> str:
        """Return why a request is refused; empty if it is not."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return "this server answers only as 127.0.0.1 or localhost"
        if origin is not None and urlsplit(origin).netloc != host:
            return "only pages of this server may ask it"
        if origin is not None and urlsplit(origin).scheme != "http":
            return "only pages of this server may ask it"
        # A navigation from elsewhere shows the page, and tells its sender nothing.
        is_navigation = headers.get("sec-fetch-mode") == "navigate"
        if not is_navigation and headers.get("sec-fetch-site", "none") not in _OWN:
            return "only pages of this server may ask it"
        return ""
