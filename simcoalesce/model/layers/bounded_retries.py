"""bounded_retries: a cache in which who finds a key being written looks so often."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Final, Literal

from pydantic import Field
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import START, Fetch, Steps, Wake
from simcoalesce.model.layer import Site
from simcoalesce.model.location_cache import CachingLayer, LocationCache, Shelf
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration

_WRITE_RETRY_NS: Final = 10_000_000
"""Time between two tries to write a key (`open_read_retry_time`, 10 ms)."""

Count = Annotated[int, Field(ge=0, le=1000)]


class BoundedRetries(CachingLayer):
    """A cache with the read-while-writer of Apache Traffic Server 9.

    Who finds nothing opens the key for writing and fetches. Who finds it open looks
    again after `delay`, and from the third time on after twice that: with the defaults
    for 900 ms. What is there by then is served; if the key is no longer open and
    nothing is there, the next who looks opens it. After the last look, and after
    `write_retries` more tries to open the key 10 ms apart, `on_busy` decides. With a
    fetch that takes longer than 900 ms everybody so waits, and then fetches.

    A fetch ends with its client, and is not stored. Simplification: an answer is
    smaller than a fragment (1 MiB), so that it can be shared when it is complete.

    Source: trafficserver 9.2, CacheRead.cc, HttpCacheSM.cc and records.config,
    read 2026-11.
    """

    kind: Literal["bounded_retries"] = "bounded_retries"
    retries: Count = 10
    """How often who finds a key open looks again (`read_while_writer.max_retries`)."""
    delay_ns: PositiveDuration = default("50ms")
    """Time before each of the first two looks, and twice that before the others."""
    write_retries: Count = 1
    """How often it then tries again to open the key (`max_open_write_retries`)."""
    on_busy: Literal["origin", "error", "stale", "retry"] = "origin"
    """What it does at last (`open_write_fail_action`): fetch and store nothing (0);
    give up with a 502 if nothing is there (1); take what has expired (2); look as often
    once more (5)."""

    @override
    def wrap(self, fetch: Fetch, site: Site) -> Fetch:
        return _WriterCache(self, fetch, site).serve


class _WriterCache:
    """The cache of each location, and the keys that are open for writing."""

    def __init__(self, layer: BoundedRetries, fetch: Fetch, site: Site) -> None:
        self._on_busy = layer.on_busy
        self._fetch = fetch
        self._clock = site.clock
        self._code = site.recorder.code_of(layer.kind)
        self._cache = LocationCache(layer, site)
        self._open: set[Shelf] = set()
        delay_ns = layer.delay_ns
        waits_ns = ((delay_ns,) * 2 + (2 * delay_ns,) * layer.retries)[: layer.retries]
        self._looks_ns, self._tries_ns = (
            waits_ns,
            (_WRITE_RETRY_NS,) * layer.write_retries,
        )
        if layer.on_busy == "retry":
            self._looks_ns, self._tries_ns = (*waits_ns, _WRITE_RETRY_NS, *waits_ns), ()

    def serve(self, request: Request) -> Steps:
        """Answer from the cache, or wait for who writes the key, or write it."""
        shelf = self._cache.shelf_of(request)
        fresh = self._cache.fresh(shelf)
        if fresh is not None:
            return fresh.hit()
        yield from self._while_open(shelf, request, self._looks_ns)
        fresh = self._cache.fresh(shelf)
        if fresh is not None:
            return fresh.followed()
        yield from self._while_open(shelf, request, self._tries_ns)
        if shelf in self._open:
            return (yield from self._give_up(shelf, request))
        return (yield from self._write(shelf, request))

    def _while_open(
        self, shelf: Shelf, request: Request, waits_ns: Iterable[int]
    ) -> Iterator[Wake]:
        """Wait one time after the other, as long as somebody writes the key."""
        for wait_ns in waits_ns:
            if shelf not in self._open:
                return
            yield self._clock.after(wait_ns, START, request)

    def _write(self, shelf: Shelf, request: Request) -> Steps:
        self._open.add(shelf)
        try:
            answer = yield from self._fetch(request)
            self._cache.keep(shelf, answer)
        finally:
            self._open.discard(shelf)
        return answer.as_led()

    def _give_up(self, shelf: Shelf, request: Request) -> Steps:
        expired = self._cache.kept(shelf)
        if expired is not None and self._on_busy == "stale":
            return expired.stale()
        if expired is None and self._on_busy == "error":
            return Answer(502, Lookup.MISS, Role.NONE, self._code, self._clock.now_ns)
        return (yield from self._fetch(request))
