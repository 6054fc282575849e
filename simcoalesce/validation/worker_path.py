"""Worker paths: a scenario's path as the worker of the testbed takes it."""

from collections.abc import Iterator
from typing import Any, Final

from simcoalesce.distribution import Constant, Distribution
from simcoalesce.model.layer import Layer
from simcoalesce.model.layers.durable_object import DurableObject, Shards
from simcoalesce.model.layers.kv_read import KvRead
from simcoalesce.model.layers.kv_write import KvWrite
from simcoalesce.model.layers.memory import Memory
from simcoalesce.model.layers.origin import Origin
from simcoalesce.model.layers.single_flight import SingleFlight
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_MS: Final = 1_000_000
_EVICTION_NS: Final = 10 * NS_PER_S
"""How long the runtime keeps an idle object; it cannot be told otherwise."""
_UNKNOWN_TO_THE_WORKER: Final = {
    "single_flight": ("leader_leaves", "forget_after"),
    "kv.write": ("error_ttl",),
    "memory": ("error_ttl",),
    "kv.read": ("stale_while_revalidate", "stale_if_error", "refresh_ahead", "xfetch"),
    "durable_object": (
        *("hops", "first_use", "service_time", "capacity"),
        *("queue_limit", "queue_timeout"),
    ),
}
_RULES: Final = {
    "kv.write": ("acknowledge",),
    "single_flight": ("cleanup", "leader_bound"),
    "durable_object": ("gate", "cleanup", "called_by", "on_error"),
}
"""Parameters that the worker takes as they are."""
_NOTHING: Final[tuple[object, ...]] = (None, "0ns", "0ms", "0s", "unlimited", {})


def outside_and_inside(
    path: tuple[Layer, ...],
) -> tuple[tuple[Layer, ...], tuple[Layer, ...]]:
    """Return the layers in the isolate, and those in the object."""
    for end, layer in enumerate(path, start=1):
        if isinstance(layer, DurableObject):
            return path[:end], path[end:]
    return path, ()


def object_of(path: tuple[Layer, ...]) -> DurableObject | None:
    """Return the path's durable object, if it has one."""
    return next((layer for layer in path if isinstance(layer, DurableObject)), None)


def has_memory_in_isolates(path: tuple[Layer, ...]) -> bool:
    """Say whether it matters which isolate a request meets."""
    outside, _ = outside_and_inside(path)
    return any(isinstance(layer, (SingleFlight, Memory)) for layer in outside)


def keeps_idle_objects(path: tuple[Layer, ...], scale: float) -> bool:
    """Say whether idle objects must be kept: the runtime's own limit does not fit."""
    own = object_of(path)
    return own is not None and (own.eviction_after_ns is None or scale != 1)


def worker_path(scenario: Scenario, scale: float) -> list[dict[str, Any]]:
    """Return the path as the worker reads it from its variable PATH."""
    return [_step(layer, scale) for layer in scenario.path]


def objections(scenario: Scenario) -> Iterator[str]:
    """Yield what the worker cannot do of a scenario."""
    path = scenario.path
    if sum(isinstance(layer, DurableObject) for layer in path) > 1:
        yield "path: at most one durable_object"
    for layer in path:
        if not isinstance(
            layer, (KvRead, KvWrite, SingleFlight, Memory, DurableObject, Origin)
        ):
            yield f"path: the worker has no layer {layer.kind}"
            continue
        written = layer.document()
        for field in _UNKNOWN_TO_THE_WORKER.get(layer.kind, ()):
            if written.get(field) not in _NOTHING:
                yield f"{layer.kind}.{field}: {written[field]} has no counterpart there"
        yield from _objections_to(layer)
    _, inside = outside_and_inside(path)
    if len(scenario.traffic.locations) > 1 and any(
        isinstance(layer, (KvRead, KvWrite)) for layer in inside
    ):
        yield "traffic.locations: one, if an object reads or writes KV"


def _objections_to(layer: Layer) -> Iterator[str]:
    if isinstance(layer, KvWrite) and layer.ttl_ns % NS_PER_S:
        yield "kv.ttl: write whole seconds, as expirationTtl takes them"
    if isinstance(layer, DurableObject):
        for name in ("hop", "storage_time", "storage_after"):
            if not isinstance(getattr(layer, name), Constant):
                yield f"durable_object.{name}: write a constant, e.g. 2ms"
        if layer.eviction_after_ns not in {None, _EVICTION_NS}:
            yield "durable_object.eviction_after: 10s or unlimited, as the runtime has"


def _step(layer: Layer, scale: float) -> dict[str, Any]:
    rules = _RULES.get(layer.kind, ())
    step = {"kind": layer.kind} | {name: getattr(layer, name) for name in rules}
    if isinstance(layer, KvWrite):
        step["ttl_s"] = layer.ttl_ns // NS_PER_S
        step["on_refused"] = "fail" if layer.fails_if_refused else "ignore"
    if isinstance(layer, Memory):
        step["ttl_ms"] = layer.ttl_ns * scale / _MS
    if isinstance(layer, DurableObject):
        own = layer.id_from
        step["id_from"] = {"shards": own.shards} if isinstance(own, Shards) else own
        step["hop_ms"] = constant_ns(layer.hop) * scale / _MS
        for name, storage in (
            ("storage_ms", layer.storage_time),
            ("storage_after_ms", layer.storage_after),
        ):
            if storage_ns := constant_ns(storage):
                step[name] = storage_ns * scale / _MS
    return step


def constant_ns(latency: Distribution) -> int:
    """Return a latency that is always the same, in nanoseconds."""
    return latency.value_ns if isinstance(latency, Constant) else 0
