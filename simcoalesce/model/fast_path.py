"""Fast path of a run: which of its requests are completed at their arrival, if any."""

from collections.abc import Sequence
from typing import Final

from simcoalesce.model.arrivals import FastPath
from simcoalesce.model.contexts import contexts
from simcoalesce.model.follower_fast_path import FollowerFastPath
from simcoalesce.model.hit_fast_path import HitFastPath
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.sampler import Quantiles

_MOST_VIEWS: Final = 1 << 22
"""More keys x locations than this are not worth a fast path."""


def fast_path(context: LayerContext) -> FastPath | None:
    """Return what completes requests at their arrival, if anything does."""
    hits = context.kv.hit_fast_path
    if hits is None or not context.coalescing_points:
        return hits
    return FollowerFastPath(
        hits,
        context.coalescing_points[0],
        clock=context.clock,
        kv=context.kv,
        recorder=context.recorder,
    )


def hit_fast_path(path: Sequence[Layer], context: LayerContext) -> HitFastPath | None:
    """Return the fast path for hits; None if the path begins with no plain read."""
    latency = path[0].plain_read
    if latency is None or any(layer.keeps_copies for layer in path):
        return None
    own = contexts(path, context)[0].sampler(latency, "latency")
    looks_late = any(wait.is_lookup for wait in path[0].waits_before())
    views = len(context.keys) * len(context.locations)
    if not isinstance(own, Quantiles) or views > _MOST_VIEWS:
        return None
    return HitFastPath(
        context.recorder,
        keys=len(context.keys),
        locations=len(context.locations),
        reads=own,
        least_write_ns=least_write_ns(path) if looks_late else None,
    )


def least_write_ns(path: Sequence[Layer]) -> int:
    """Return what every put takes at least where the first layer of a path reads."""
    store = path[0].store
    writers = (layer for layer in path if layer.stores and layer.store == store)
    return min((layer.least_write_ns for layer in writers), default=0)
