"""nginx: a cache with or without `proxy_cache_lock`."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Final

from typing_extensions import override

from simcoalesce.model.layers.cdn import Cdn
from simcoalesce.model.layers.lock import Lock
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.cache_server import (
    STATUS_HEADER,
    CacheServer,
    ServerContext,
    ms,
    statuses_kept,
    whole_seconds,
)

_POLL_NS: Final = 500_000_000
"""Built into nginx (1.22.1, ngx_http_file_cache.c)."""
_CONFIG: Final = """
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log stderr error;
{user}
events {{ worker_connections 8192; }}
http {{
  access_log off;
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
      add_header {status_header} $upstream_cache_status always;
      {rules}
    }}
  }}
}}
"""


class Nginx(CacheServer):
    """The cache of nginx, two worker processes over one cache."""

    takes_posts: ClassVar[bool] = True
    program: ClassVar[str] = "nginx"
    asks_version: ClassVar[tuple[str, str]] = ("-v", "nginx/")
    carries: ClassVar = (Lock, Cdn)
    stale_words: ClassVar[frozenset[str]] = frozenset({"STALE", "UPDATING"})

    @override
    def objections_to(self, layer: Lock | Cdn, lasts_ns: int) -> Iterator[str]:
        yield from whole_seconds(f"{layer.kind}.ttl", layer.ttl_ns)
        if isinstance(layer, Cdn):
            yield from _objections_to_cdn(layer, lasts_ns)
            return
        if 0 < layer.stale_if_error_ns < lasts_ns:
            yield "lock.stale_if_error: 0s, or as long as the duration; it has no limit"
        if layer.poll_ns != _POLL_NS:
            yield "lock.poll: 500ms is built into nginx"
        if not layer.whole_seconds:
            yield "lock.whole_seconds: true, as its clock counts them"

    @override
    def server_command(
        self, layer: Lock | Cdn, context: ServerContext
    ) -> Sequence[str | Path]:
        config = _CONFIG.format(
            folder=context.folder,
            port=context.port,
            origin_port=context.origin_port,
            status_header=STATUS_HEADER,
            # Its workers would become a user who may not enter the folder.
            user="user root;" if os.geteuid() == 0 else "",
            rules="\n      ".join(rules(layer)),
        )
        file = context.write("nginx.conf", config)
        return (self.found(), "-e", "stderr", "-p", context.folder, "-c", file)


def rules(layer: Lock | Cdn) -> Iterator[str]:
    """Yield the directives that say what a layer says."""
    yield f"proxy_cache_valid 200 {layer.ttl_ns // NS_PER_S}s;"
    for status, ttl_ns in statuses_kept(layer.error_ttl):
        yield f"proxy_cache_valid {status} {ttl_ns // NS_PER_S}s;"
    if isinstance(layer, Cdn):
        return
    yield f"proxy_cache_lock {'on' if layer.locks else 'off'};"
    yield f"proxy_cache_lock_timeout {ms(layer.timeout_ns)}ms;"
    yield f"proxy_cache_lock_age {ms(layer.age_ns)}ms;"
    uses_stale = ["updating"] if layer.stale != "none" else []
    if layer.stale_if_error_ns:
        # The header's stale-if-error no longer covers these (nginx 1.19.3).
        uses_stale += [f"http_{status}" for status in layer.stale_on]
    if uses_stale:
        yield f"proxy_cache_use_stale {' '.join(uses_stale)};"
    if layer.stale == "background":
        yield "proxy_cache_background_update on;"
    if layer.ignore_client_abort:
        yield "proxy_ignore_client_abort on;"


def _objections_to_cdn(layer: Cdn, lasts_ns: int) -> Iterator[str]:
    if layer.lock:
        yield "cdn.lock: false; its own lock is the layer lock"
    if layer.stale_while_revalidate_ns:
        yield "cdn.stale_while_revalidate: 0s; the layer lock has what it can"
    if layer.stale_if_error_ns != 0:
        yield "cdn.stale_if_error: 0s; the layer lock has what it can"
    if lasts_ns > layer.ttl_ns:
        yield (
            "cdn.ttl: as long as the duration; its clock prolongs it by up to 1 s,"
            " which only the layer lock knows"
        )
