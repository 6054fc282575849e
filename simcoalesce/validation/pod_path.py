"""Pod paths: a scenario's path as the application of the testbed takes it."""

from collections.abc import Iterator
from typing import Any, Final

from simcoalesce.distribution import Constant, Distribution
from simcoalesce.model.freshness import XFetch
from simcoalesce.model.layer import Layer
from simcoalesce.model.layers.distributed_lock import DistributedLock
from simcoalesce.model.layers.lease import Lease
from simcoalesce.model.layers.memory import Memory
from simcoalesce.model.layers.origin import Origin
from simcoalesce.model.layers.redis_read import RedisRead
from simcoalesce.model.layers.redis_write import RedisWrite
from simcoalesce.model.layers.single_flight import SingleFlight
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_KNOWN: Final = (Memory, SingleFlight, RedisRead, RedisWrite, DistributedLock, Lease)
_UNKNOWN_TO_THE_PODS: Final = {
    "memory": ("invalidation",),
    "single_flight": ("leader_leaves", "forget_after"),
    "distributed_lock": ("timer_lag",),
    "lease": ("timer_lag",),
}
_NOTHING: Final[tuple[object, ...]] = (None, "0ms", "unlimited", "none")
_ONE_HOUR_NS: Final = 3_600 * NS_PER_S


def objections(scenario: Scenario) -> Iterator[str]:
    """Yield what the application cannot do of a scenario."""
    *layers, last = scenario.path
    for layer in layers:
        if not isinstance(layer, _KNOWN):
            yield f"path: the pods have no layer {layer.kind}"
            continue
        written = layer.document()
        for field in _UNKNOWN_TO_THE_PODS.get(layer.kind, ()):
            if written.get(field) not in _NOTHING:
                yield f"{layer.kind}.{field}: {written[field]} has no counterpart there"
        if isinstance(layer, SingleFlight) and layer.cleanup != "finally":
            yield "single_flight.cleanup: finally, as the pods do it"
        latency = getattr(layer, "latency", None)
        if latency is not None and not isinstance(latency, Constant):
            yield f"{layer.kind}.latency: write a constant, e.g. 1ms"
    if not isinstance(last, Origin):
        yield "path: it ends at an origin"


def pod_path(path: tuple[Layer, ...], scale: float) -> list[dict[str, Any]]:
    """Return the steps before the origin; times in real seconds."""
    return [_step(layer, path, scale) for layer in path[:-1]]


def _step(layer: Layer, path: tuple[Layer, ...], scale: float) -> dict[str, Any]:
    real_s = scale / NS_PER_S
    step: dict[str, Any] = {}
    for name, value in dict(layer).items():
        if name.endswith("_ns"):
            step[name[: -len("_ns")] + "_s"] = None if value is None else value * real_s
        elif isinstance(value, Constant):
            step[f"{name}_s"] = value.value_ns * real_s
        elif name == "error_ttl":
            step[name] = {status: ttl_ns * real_s for status, ttl_ns in value.items()}
        elif not isinstance(value, (Distribution, XFetch)):
            step[name] = value
    if isinstance(layer, RedisRead):
        step |= {
            "beta": None if layer.xfetch is None else layer.xfetch.beta,
            "waits": layer.refreshes_in_foreground,
            "dedupe": layer.deduplicates_by,
        }
    if isinstance(layer, RedisWrite):
        step["stale_s"] = _stale_ns(path) * real_s
    return step


def _stale_ns(path: tuple[Layer, ...]) -> int:
    """Return how long something of the path needs a value after its expiry."""
    reads = (one.stale_if_error_ns for one in path if isinstance(one, RedisRead))
    is_asked_for = any(
        one.on_timeout == "stale" for one in path if isinstance(one, DistributedLock)
    )
    return max(*reads, _ONE_HOUR_NS if is_asked_for else 0, 0)
