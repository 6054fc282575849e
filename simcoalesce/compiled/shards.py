"""Shards: which paths can be cut by key, so that each shard has a core of its own."""

from collections.abc import Sequence
from typing import Any

from simcoalesce.distribution import ReplayedLatency
from simcoalesce.model.faults.calls import NumberedCalls
from simcoalesce.model.faults.first import First
from simcoalesce.model.layer import Layer
from simcoalesce.model.layers.durable_object import DurableObject
from simcoalesce.model.layers.origin import Origin
from simcoalesce.model.layers.refresh_timer import RefreshTimer
from simcoalesce.model.layers.retry import Retry


def why_whole(path: Sequence[Layer]) -> str:
    """Return what keys share on a path, so that it cannot be cut; empty if nothing.

    All other state of a path is a key's own: its entries in KV, its flights, its
    object, what memory keeps of it.
    """
    for layer in path:
        shared = _shared(layer)
        if shared:
            return shared
    return ""


def _shared(layer: Layer) -> str:
    if layer.shares_between_keys:
        return layer.shares_between_keys
    if any(isinstance(value, ReplayedLatency) for _, value in layer):
        return f"the recorded durations of {layer.kind}, which are given in order"
    if isinstance(layer, DurableObject) and layer.id_from != "key":
        return "an object"
    if isinstance(layer, Retry) and layer.budget_ratio is not None:
        return "the budget of retries"
    if isinstance(layer, RefreshTimer):
        return "the rounds of a timer"
    return _shared_at(layer) if isinstance(layer, Origin) else ""


def _shared_at(origin: Origin) -> str:
    """Return what keys share at the origin."""
    lifetimes = origin.max_age
    own: Sequence[Any] = (*origin.latency_of.values(), *origin.faults, *lifetimes)
    if any(isinstance(getattr(part, "takes", part), ReplayedLatency) for part in own):
        return "the recorded durations of the origin, which are given in order"
    for limit in origin.rate_limit:
        if limit.for_each != "key":
            whose = "the origin" if limit.counts_all else "a tenant"
            return f"the rate limit of {whose}"
    if len(lifetimes) > 1:
        return "the count of calls, of which the first ones say other lifetimes"
    if origin.concurrency is not None:
        return "the servers of the origin"
    counted = (it for it in origin.faults if isinstance(it, (First, NumberedCalls)))
    if any(not fault.counts_each_key for fault in counted):
        return "the count of calls, some of which fail"
    return ""
