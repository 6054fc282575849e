"""Where layers run: in an HTTP cache, in a worker, or anywhere."""

from typing import Final

HTTP_CACHES: Final = frozenset(("lock", "waiting_list", "bounded_retries", "cdn"))
"""Layers that stand for a cache of a location, which no code runs in."""

WORKER: Final = frozenset(
    ("kv.read", "kv.write", "memory", "single_flight", "durable_object")
)
"""Layers that stand for what a worker's code does."""

ANYWHERE: Final = frozenset(("retry", "timeout", "origin"))
"""Layers that clients, workers and caches have alike."""
