"""Bypass: requests that no store and no flight may answer go past layers and objects.

GET and HEAD may be answered from what is stored. A POST, PUT, PATCH or DELETE is sent
on by every cache, and code that shares fetches does so for reads alone. They run in the
isolate of their worker, also behind an object, since nothing asks the object for them.

Simplification: what they change is not taken out of a store. RFC 9111 (4.4) has a cache
invalidate the URI of an unsafe request that succeeds; Squid, HAProxy and Traffic Server
do so, nginx and Varnish do not.

Source: nginx 1.22.1, ngx_http_upstream.c (``proxy_cache_methods``); Varnish 7.1,
builtin.vcl (``pass``); developers.cloudflare.com, "Workers Caching", "Limitations", and
"Cache" (``put`` takes GET alone); read 2026-11-30.
"""

from typing import Final

from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.domains import Domains
from simcoalesce.model.trace import TellAt
from simcoalesce.request import Request

_OUTSIDE: Final = 1 << 50
"""Added to the number of an isolate, so that no object has it too."""


def bypassing(through: Fetch, past: Fetch) -> Fetch:
    """Return a way that goes through a layer, or past it for who bypasses stores."""
    if through is past:
        return past

    def way(request: Request) -> Steps:
        return through(request) if request.storable else past(request)

    return way


class InsideUnlessBypassed:
    """The instances of what follows an object: objects, or isolates for a bypass."""

    def __init__(self, inside: Domains, outside: Domains) -> None:
        """Divide by objects who asks them, and by what is around them who does not."""
        self.inside = inside
        self._outside = outside

    def domain_of(self, request: Request) -> int:
        """Return the object that a request asks, or its isolate."""
        if request.storable:
            return self.inside.domain_of(request)
        return _OUTSIDE + self._outside.domain_of(request)

    def location_of(self, request: Request) -> int:
        """Return where that is."""
        domains = self.inside if request.storable else self._outside
        return domains.location_of(request)

    def is_warm(self, domain: int) -> bool:
        """Say what the objects say: who bypasses them asks no store."""
        return self.inside.is_warm(domain)

    def awaiting(self, fetch: Fetch, resumptions: int, tell_at: TellAt) -> Fetch:
        """Return a layer's way as objects await it, and as isolates do."""
        return bypassing(
            self.inside.awaiting(fetch, resumptions, tell_at),
            self._outside.awaiting(fetch, resumptions, tell_at),
        )

    def stay_active(self, request: Request, until_ns: int) -> None:
        """Tell the objects: who bypasses them puts nothing."""
        self.inside.stay_active(request, until_ns)
