"""redis: a real Redis, and small application servers that do cache-aside with it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Container, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from itertools import compress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, Final

import numpy as np
from typing_extensions import override

from simcoalesce.model.changes.purge import Purge
from simcoalesce.model.layer import Layer
from simcoalesce.model.layers.lease import Lease
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.cache_status import said_trace
from simcoalesce.validation.clients import ClientRequest
from simcoalesce.validation.http import LOOPBACK
from simcoalesce.validation.pod_path import objections, pod_path
from simcoalesce.validation.programs import free_port, installed_program, said_version
from simcoalesce.validation.redis_commands import lock_key, value_key
from simcoalesce.validation.redis_protocol import RedisConnection
from simcoalesce.validation.subprocesses import START_LIMIT_S, guarded_subprocess
from simcoalesce.validation.target import (
    CannotValidate,
    RunningTarget,
    Target,
    TestbedContext,
    Trace,
)

_PROGRAM: Final = "redis-server"
_MOST_PODS: Final = 16
_POD: Final = ("-m", "simcoalesce.validation.redis_pod")


class Redis(Target):
    """Pods, one for each isolate, that share one Redis; they call the origin."""

    does: ClassVar[frozenset[str]] = frozenset({"purge"})

    @property
    @override
    def layers(self) -> tuple[str, ...]:
        return ("redis", "lease", "distributed_lock", "memory", "origin", "pod")

    def found(self) -> Path:
        """Return where the server is installed.

        Raises:
            CannotValidate: If it is not; with the command that installs it.
        """
        return installed_program(_PROGRAM, self.kind, _PROGRAM)

    @override
    def version(self) -> str:
        return said_version(self.found(), "--version", "v=")

    @override
    def objections(self, scenario: Scenario, scale: float) -> Iterator[str]:
        return objections(scenario)

    @asynccontextmanager
    @override
    async def started(self, context: TestbedContext) -> AsyncIterator[RunningTarget]:
        used, numbers = np.unique(context.requests.isolate, return_inverse=True)
        if len(used) > _MOST_PODS:
            raise CannotValidate(
                f"{len(used)} isolates; the testbed starts at most {_MOST_PODS} pods:"
                f" -s traffic.isolates={_MOST_PODS}"
            )
        async with AsyncExitStack() as stack:
            folder = Path(
                stack.enter_context(TemporaryDirectory(prefix="simcoalesce-"))
            )
            redis_port = await stack.enter_async_context(self._server(folder))
            config = {
                "path": pod_path(context.scenario.path, context.time.scale),
                "redis_port": redis_port,
                "origin_port": context.origin_port,
            }
            file = folder / "pod.json"
            file.write_text(json.dumps(config), "utf-8")
            pods = [
                asyncio.create_task(stack.enter_async_context(_pod(file, folder, name)))
                for name in range(len(used))
            ]
            ports = await asyncio.gather(*pods)
            yield RunningTarget(
                ports,
                numbers.tolist(),
                lambda _: {},
                changes=partial(_purge, context, redis_port),
            )

    @asynccontextmanager
    async def _server(self, folder: Path) -> AsyncIterator[int]:
        port, own = free_port(), folder / "redis"
        own.mkdir()
        listens = ("--port", str(port), "--bind", LOOPBACK)
        keeps_nothing = ("--save", "", "--appendonly", "no", "--dir", own)
        command: list[str | Path] = [self.found(), *listens, *keeps_nothing]
        async with guarded_subprocess(_PROGRAM, command, own) as process:
            await process.listens(port)
            yield port

    @override
    def traces(
        self,
        scenario: Scenario,
        answered: Sequence[ClientRequest],
        callers: Container[int],
    ) -> list[Trace]:
        return [said_trace(one.message, self.layers, "pod") for one in answered]

    @override
    def as_run(
        self, path: tuple[Layer, ...], scale: float, clock_offset_ns: int
    ) -> tuple[Layer, ...]:
        return path


async def _purge(context: TestbedContext, redis_port: int) -> None:
    """Delete what is purged, at its time: values, and who may set them."""
    purges = [one for one in context.scenario.changes if isinstance(one, Purge)]
    leases = any(isinstance(layer, Lease) for layer in context.scenario.path)
    names, seed = context.contexts[0].keys, context.scenario.seed
    connection = await RedisConnection.open(redis_port)
    for purge in sorted(purges, key=lambda one: one.at_ns):
        purged = [*compress(names, purge.purged(names, seed))]
        keys = [*map(value_key, purged), *(map(lock_key, purged) if leases else ())]
        await context.time.until(purge.at_ns)
        if keys:
            await connection.ask("DEL", *keys)
    await connection.close()


@asynccontextmanager
async def _pod(file: Path, folder: Path, number: int) -> AsyncIterator[int]:
    """Run one process of the application; give its port."""
    own = folder / f"pod-{number}"
    own.mkdir()
    command = (sys.executable, *_POD, str(file))
    async with guarded_subprocess("a pod", command, own) as process:
        line = b""
        with suppress(TimeoutError):
            async with asyncio.timeout(START_LIMIT_S):
                line = await process.line()
        if not line:
            raise process.did_not_start()
        yield int(line)
