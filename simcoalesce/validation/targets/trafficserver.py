"""trafficserver: a cache whose readers retry while a key is being written."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

from typing_extensions import override

from simcoalesce.model.layers.bounded_retries import BoundedRetries
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.cache_server import (
    STATUS_HEADER,
    CacheServer,
    ServerContext,
    ms,
    statuses_kept,
    whole_seconds,
)

_OWNER: Final = "trafficserver"
"""Whom the Debian package creates: the server refuses to serve as root."""
_FAIL_ACTION: Final = {"origin": 0, "error": 1, "stale": 2, "retry": 5}
"""Of open_write_fail_action (records.config of 9.2)."""
_PATIENCE_S: Final = 300
"""Longer than any client's: its own 30 s would end a slow fetch."""
_LAYOUT: Final = """
prefix: {folder}
exec_prefix: /usr
bindir: /usr/bin
sbindir: /usr/bin
sysconfdir: {folder}
datadir: {folder}
includedir: /usr/include
libdir: /usr/lib/trafficserver
libexecdir: /usr/lib/trafficserver/modules
localstatedir: {folder}
runtimedir: {folder}
logdir: {folder}
cachedir: {folder}
"""
_ALLOWED: Final = """
ip_allow:
  - {apply: in, ip_addrs: 127.0.0.1, action: allow, methods: ALL}
"""
_STATUS: Final = """
cond %{{SEND_RESPONSE_HDR_HOOK}}
set-header {status_header} %{{CACHE}}
"""


class TrafficServer(CacheServer):
    """Apache Traffic Server with its read-while-writer."""

    owner: ClassVar[str | None] = _OWNER
    program: ClassVar[str] = "traffic_server"
    asks_version: ClassVar[tuple[str, str]] = ("-V", "Traffic Server ")
    carries: ClassVar = (BoundedRetries,)
    stale_words: ClassVar[frozenset[str]] = frozenset({"hit-stale"})

    @override
    def objections_to(self, layer: BoundedRetries, lasts_ns: int) -> Iterator[str]:
        yield from whole_seconds("bounded_retries.ttl", layer.ttl_ns)
        if not layer.whole_seconds:
            yield "bounded_retries.whole_seconds: true, as its clock counts them"
        if len({ttl_ns for _, ttl_ns in statuses_kept(layer.error_ttl)}) > 1:
            yield "bounded_retries.error_ttl: one duration for all; it has no others"
        yield from whole_seconds(
            "bounded_retries.stale_if_error", layer.stale_if_error_ns
        )
        if layer.delay_ns % 1_000_000:
            yield "bounded_retries.delay: write whole milliseconds"

    @override
    def answer_headers(self, layer: BoundedRetries) -> Mapping[str, str]:
        return {"Cache-Control": f"max-age={layer.ttl_ns // NS_PER_S}"}

    @override
    def server_command(
        self, layer: BoundedRetries, context: ServerContext
    ) -> Sequence[str | Path]:
        folder = context.folder
        layout = context.write("runroot.yaml", _LAYOUT.format(folder=folder))
        context.write("records.config", records(layer, context.port))
        context.write(
            "remap.config", f"map / http://127.0.0.1:{context.origin_port}/\n"
        )
        context.write("storage.config", f"{folder} 64M\n")
        context.write("ip_allow.yaml", _ALLOWED)
        status = context.write(
            "status.conf", _STATUS.format(status_header=STATUS_HEADER)
        )
        context.write("plugin.config", f"header_rewrite.so {status}\n")
        return (self.found(), f"--run-root={layout}")


def records(layer: BoundedRetries, port: int) -> str:
    """Return the settings that say what a layer says."""
    # In 9.2 it is an age, which counts from the answer on.
    age_s = (layer.ttl_ns + layer.stale_if_error_ns) // NS_PER_S
    stale_s = age_s if layer.stale_if_error_ns else 0
    settings: dict[str, int | str] = {
        **_negative_caching(layer),
        "admin.user_id": _OWNER,
        "cache.enable_read_while_writer": 1,
        "cache.read_while_writer.max_retries": layer.retries,
        "cache.read_while_writer_retry.delay": ms(layer.delay_ns),
        "crash_log_helper": "NULL",
        "diags.logfile.filename": "stderr",
        "http.background_fill_active_timeout": 0,
        "http.background_fill_completed_threshold": "0.0",
        "http.cache.max_open_write_retries": layer.write_retries,
        "http.cache.max_stale_age": stale_s,
        "http.cache.open_write_fail_action": _FAIL_ACTION[layer.on_busy],
        "http.connect_attempts_max_retries": 0,
        "http.transaction_no_activity_timeout_in": _PATIENCE_S,
        "http.transaction_no_activity_timeout_out": _PATIENCE_S,
        "http.server_ports": f"{port}:ip-in=127.0.0.1",
        "log.logging_enabled": 0,
    }
    return "".join(
        f"CONFIG proxy.config.{name} {_type(value)} {value}\n"
        for name, value in settings.items()
    )


def _negative_caching(layer: BoundedRetries) -> dict[str, int | str]:
    """Return which errors are kept, and for how long; by itself it keeps none."""
    kept = dict(statuses_kept(layer.error_ttl))
    if not kept:
        return {"http.negative_caching_enabled": 0}
    return {
        "http.negative_caching_enabled": 1,
        "http.negative_caching_lifetime": max(kept.values()) // NS_PER_S,
        "http.negative_caching_list": " ".join(map(str, kept)),
    }


def _type(value: int | str) -> str:
    if isinstance(value, int):
        return "INT"
    return "FLOAT" if value == "0.0" else "STRING"
