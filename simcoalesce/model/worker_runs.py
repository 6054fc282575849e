"""Runs of the worker: where it begins; what a cache before it answers is no run."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.layer import Layer
from simcoalesce.model.recorder import Usage
from simcoalesce.model.scope import Scope
from simcoalesce.request import Request

_OUTSIDE: Final = frozenset((Scope.ANYWHERE, Scope.CACHE))


def last_cache_before_worker(path: Sequence[Layer]) -> int | None:
    """Return the index of the cache behind which a worker runs; None without one."""
    outside = takewhile(lambda one: one[1].scope in _OUTSIDE, enumerate(path))
    caches = [index for index, layer in outside if layer.scope is Scope.CACHE]
    return caches[-1] if caches else None


def worker_begins(path: Sequence[Layer]) -> int:
    """Return the index of the first layer that a worker runs, or its calls reach."""
    last_cache = last_cache_before_worker(path)
    if last_cache is not None:
        return last_cache + 1
    return next(at for at, layer in enumerate(path) if layer.scope not in _OUTSIDE)


def counting_runs(fetch: Fetch, usage: Usage) -> Fetch:
    """Return the way through a worker behind a cache, which counts its runs.

    Source: developers.cloudflare.com/workers/cache, "Billing", read 2026-11-30: CPU
    time is billed when the worker runs; each request is, whoever answers it.
    """
    usage.worker_runs = 0

    def counted(request: Request) -> Steps:
        usage.worker_runs = (usage.worker_runs or 0) + 1
        return fetch(request)

    return counted
