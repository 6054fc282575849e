"""workerd: the worker of the story on the open runtime of Workers."""

from collections.abc import AsyncIterator, Container, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

import numpy as np
from typing_extensions import override

from simcoalesce.model.layer import Layer
from simcoalesce.model.layers.durable_object import DurableObject
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.cache_status import said_trace
from simcoalesce.validation.clients import ClientRequest
from simcoalesce.validation.http import serving
from simcoalesce.validation.kv_store import KvStore
from simcoalesce.validation.object_queue import peak_queue, stays_ms
from simcoalesce.validation.target import (
    CannotValidate,
    RunningTarget,
    Target,
    TestbedContext,
    Trace,
)
from simcoalesce.validation.worker_path import (
    has_memory_in_isolates,
    keeps_idle_objects,
    object_of,
    objections,
    worker_path,
)
from simcoalesce.validation.workerd_runtime import Setup, installation, running, version

_TESTBED: Final = Path(__file__).parents[3] / "testbed"
_WORKER: Final = "worker/src/entry.ts"
_MOST_ISOLATES: Final = 500


class Workerd(Target):
    """Isolates, objects and gates, between a KV store and an origin of the testbed."""

    testbed: Path | None = None
    """Where the worker is; if absent, beside the package, here, or above."""

    @property
    @override
    def layers(self) -> tuple[str, ...]:
        # "worker" stands for its own errors, and for the runtime's.
        return ("kv", "memory", "origin", "worker")

    @override
    def at(self, testbed: Path) -> Self:
        return self.model_copy(update={"testbed": testbed})

    @override
    def version(self) -> str:
        return version(installation(self.testbed or found_testbed()))

    @override
    def objections(self, scenario: Scenario, scale: float) -> Iterator[str]:
        return objections(scenario)

    @asynccontextmanager
    @override
    async def started(self, context: TestbedContext) -> AsyncIterator[RunningTarget]:
        path, scale = context.scenario.path, context.time.scale
        numbers, locations = _isolates(context)
        installed = installation(self.testbed or found_testbed())
        store = KvStore(path, context.contexts, context.time, context.timer_lag)
        async with serving(store.handle) as kv_port:
            setup = Setup(
                steps=worker_path(context.scenario, scale),
                isolate_locations=locations,
                origin_port=context.origin_port,
                kv_port=kv_port,
                has_object=object_of(path) is not None,
                keeps_idle_objects=keeps_idle_objects(path, scale),
            )
            async with running(installed, setup) as ports:
                yield RunningTarget(
                    ports, numbers, lambda answered: _usage(store, answered)
                )

    @override
    def traces(
        self,
        scenario: Scenario,
        answered: Sequence[ClientRequest],
        callers: Container[int],
    ) -> list[Trace]:
        return [said_trace(one.message, self.layers, "worker") for one in answered]

    @override
    def as_run(
        self, path: tuple[Layer, ...], scale: float, clock_offset_ns: int
    ) -> tuple[Layer, ...]:
        if not keeps_idle_objects(path, scale):
            return path
        kept = {"eviction_after_ns": None}
        return tuple(
            layer.model_copy(update=kept) if isinstance(layer, DurableObject) else layer
            for layer in path
        )


def found_testbed() -> Path:
    """Return the testbed beside the package, in the current folder, or above it."""
    above = (folder / "testbed" for folder in (Path.cwd(), *Path.cwd().parents))
    return next((it for it in (_TESTBED, *above) if (it / _WORKER).exists()), _TESTBED)


def _isolates(context: TestbedContext) -> tuple[list[int], list[int]]:
    """Return for each request the isolate that serves it, and each one's location.

    If isolates have no memory, one for each location is as good as many.
    """
    requests = context.requests
    has_memory = has_memory_in_isolates(context.scenario.path)
    wanted = requests.isolate if has_memory else requests.location
    used, numbers = np.unique(wanted, return_inverse=True)
    if len(used) > _MOST_ISOLATES:
        raise CannotValidate(
            f"{len(used)} isolates; the testbed starts at most {_MOST_ISOLATES}:"
            f" -s traffic.isolates={_MOST_ISOLATES}"
        )
    per_location = context.scenario.traffic.isolates if has_memory else 1
    return numbers.tolist(), (used // per_location).tolist()


def _usage(store: KvStore, answered: Sequence[ClientRequest]) -> Mapping[str, float]:
    stays = stays_ms(request.message for request in answered)
    return {
        **store.usage,
        "object_requests": len(stays),
        "object_peak_queue": peak_queue(stays),
    }
