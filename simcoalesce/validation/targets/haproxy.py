"""haproxy: a small cache that coalesces nothing."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

from typing_extensions import override

from simcoalesce.model.layers.cdn import Cdn
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.cache_server import (
    STATUS_HEADER,
    CacheServer,
    ServerContext,
    cdn_objections,
)

_DAY_S: Final = 86_400
_CONFIG: Final = """
global
  maxconn 6000
  nbthread 1

defaults
  mode http
  timeout connect 60s
  timeout client 60s
  timeout server 60s

cache shop
  total-max-size 64
  max-object-size 1048576
  # Cuts what an answer says; 60 s if it is left out.
  max-age {longest_s}

frontend edge
  bind 127.0.0.1:{port}
  http-request cache-use shop
  http-response cache-store shop
  http-after-response set-header {status_header} hit if {{ res.cache_hit }}
  default_backend origin

backend origin
  # A connection that the origin has closed is not an error of the cache.
  retry-on conn-failure empty-response
  server origin 127.0.0.1:{origin_port}
"""


class Haproxy(CacheServer):
    """HAProxy's cache: complete answers 200, kept in memory by one thread."""

    program: ClassVar[str] = "haproxy"
    asks_version: ClassVar[tuple[str, str]] = ("-v", "version ")
    carries: ClassVar = (Cdn,)
    incomplete: ClassVar[str] = "displaces"

    @override
    def objections_to(self, layer: Cdn, lasts_ns: int) -> Iterator[str]:
        yield from cdn_objections(layer, lasts_ns)
        if layer.lock:
            yield "cdn.lock: false; each miss is fetched for itself"
        if layer.abandons:
            yield "cdn.abandons: false; a fetch goes on when its client has left"

    @override
    def answer_headers(self, layer: Cdn) -> Mapping[str, str]:
        # What says neither how long it lives nor how it is validated is not stored.
        return {"Cache-Control": f"max-age={layer.ttl_ns // NS_PER_S}"}

    @override
    def server_command(
        self, layer: Cdn, context: ServerContext
    ) -> Sequence[str | Path]:
        config = _CONFIG.format(
            port=context.port,
            origin_port=context.origin_port,
            longest_s=max(layer.ttl_ns // NS_PER_S, _DAY_S),
            status_header=STATUS_HEADER,
        )
        return (self.found(), "-db", "-f", context.write("haproxy.cfg", config))
