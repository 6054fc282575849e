"""squid: a cache with or without `collapsed_forwarding`."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar, Final

from typing_extensions import override

from simcoalesce.model.layers.cdn import Cdn
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.cache_server import (
    CacheServer,
    ServerContext,
    cdn_objections,
)
from simcoalesce.validation.target import RunningTarget, TestbedContext

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - where Linux has it
_CONFIG: Final = """
http_port 127.0.0.1:{port} accel no-vhost defaultsite=shop
cache_peer 127.0.0.1 parent {origin_port} 0 no-query no-digest originserver
never_direct allow all
http_access allow all
cache_effective_user {owner}
visible_hostname shop
access_log none
cache_log {folder}/cache.log
cache_store_log none
coredump_dir {folder}
pid_filename none
netdb_filename none
pinger_enable off
icp_port 0
htcp_port 0
shutdown_lifetime 0 seconds
max_filedescriptors 16384
cache_mem 64 MB
# Without a validator a shorter life than this would not be cached at all.
minimum_expiry_time 0 seconds
collapsed_forwarding {collapses}
"""


class Squid(CacheServer):
    """Squid as a reverse proxy, with its memory alone for a cache."""

    # Whom Debian has, and its squid becomes if it is started by root.
    owner: ClassVar[str | None] = "proxy"
    program: ClassVar[str] = "squid"
    asks_version: ClassVar[tuple[str, str]] = ("-v", "Version ")
    carries: ClassVar = (Cdn,)
    shares_errors: ClassVar[bool] = True
    incomplete: ClassVar[str] = "streams"

    @override
    def objections_to(self, layer: Cdn, lasts_ns: int) -> Iterator[str]:
        return cdn_objections(layer, lasts_ns)

    @override
    def answer_headers(self, layer: Cdn) -> Mapping[str, str]:
        # Otherwise what expired stands in for an error, for a week (max_stale).
        lifetime = f"max-age={layer.ttl_ns // NS_PER_S}, must-revalidate"
        return {"Cache-Control": lifetime}

    @override
    def server_command(
        self, layer: Cdn, context: ServerContext
    ) -> Sequence[str | Path]:
        config = _CONFIG.format(
            folder=context.folder,
            port=context.port,
            origin_port=context.origin_port,
            owner=self.owner,
            collapses="on" if layer.lock else "off",
        )
        file = context.write("squid.conf", config)
        return (self.found(), "-N", "-d", "1", "-n", _service(), "-f", file)

    @asynccontextmanager
    @override
    async def started(self, context: TestbedContext) -> AsyncIterator[RunningTarget]:
        try:
            async with super().started(context) as edge:
                yield edge
        finally:
            for segment in _SHARED_MEMORY.glob(f"{_service()}-*"):
                segment.unlink()


def _service() -> str:
    """Return a name for its shared memory that no other Squid has."""
    return f"simcoalesce{os.getpid()}"
