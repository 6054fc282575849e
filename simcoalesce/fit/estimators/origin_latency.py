"""How long the origin takes: service, queue, refusals."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_duration import FittedDuration, fitted_duration
from simcoalesce.fit.fitted_value import FittedValue, FittedValues, Rival, assumed
from simcoalesce.fit.key_rules import FittedKeys
from simcoalesce.fit.queue_service import QueueFit, queue_fit
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S

_MOST_CALLS: Final = 50_000


class OriginLatencyEstimator(Estimator):
    """The latency of calls that succeed; of a queue, the time of service without it."""

    precedence: ClassVar[int] = 330
    tells: ClassVar[str] = "how long the origin takes"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> list[FittedValue] | None:
        keys: FittedKeys = so_far.result("key_rule")
        if keys.events is None:
            return None
        return list(_told(keys.events))


def _told(events: CacheEvents) -> Iterator[FittedValue]:
    at_s, until_s = _calls(events, events.succeeds)
    if not len(at_s):
        yield assumed(
            "origin_latency", {"origin.latency": "100ms"}, "no call succeeded"
        )
        return
    queue = queue_fit(at_s, until_s)
    if queue is not None:
        yield _servers(queue)
    service_s = until_s - at_s if queue is None else queue.service_s
    fitted = fitted_duration(service_s, "latency.csv")
    of = "calls that succeeded" if queue is None else "services, without the queue"
    yield _latency("origin_latency", "origin.latency", fitted, len(at_s), of)
    refused_at_s, refused_until_s = _calls(events, events.refused)
    if len(refused_at_s):
        fitted = fitted_duration(refused_until_s - refused_at_s, "refusals.csv")
        count = len(refused_at_s)
        yield _latency("rejects_in", "origin.rejects_in", fitted, count, "refusals")


def _calls(
    events: CacheEvents, chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return when the first of some calls were made and answered, in their order."""
    calls = np.flatnonzero(chosen)
    order = np.lexsort((events.end_ns[calls], events.call_at_ns[calls]))
    calls = calls[order][:_MOST_CALLS]
    from_ns = events.start_ns.min(initial=2**62) if len(calls) else 0
    at_s = (events.call_at_ns[calls] - from_ns) / NS_PER_S
    return at_s, (events.end_ns[calls] - from_ns) / NS_PER_S


def _servers(queue: QueueFit) -> FittedValue:
    evidence = f"calls take longer the more are under way; {queue.waited:,} waited"
    draws: tuple[dict[str, Any], ...] = ()
    if queue.least < queue.most:
        among = list(range(queue.least, queue.most + 1))
        draws = ({"origin.concurrency": among},)
    return FittedValue(
        "concurrency",
        {"origin.concurrency": queue.servers},
        evidence,
        queue.waited,
        (str(queue.least), str(queue.most)),
        uncertain=draws,
        text=f"{queue.servers:,} servers",
    )


def _latency(
    name: str, path: str, fitted: FittedDuration, events: int, of: str
) -> FittedValue:
    return FittedValue(
        name,
        {path: fitted.written},
        of,
        events,
        fitted.interval,
        rival=Rival(fitted.other) if fitted.other else None,
        uncertain=tuple({f"{path}.{part}": drawn} for part, drawn in fitted.draws),
        text=fitted.text,
    )
