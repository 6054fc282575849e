"""redis.read: a GET from Redis; only a miss goes on."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal, TypeAlias

from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.freshness import Rules, XFetch, xfetch_sampler
from simcoalesce.model.kv import Entry
from simcoalesce.model.layer import Layer, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.redis import GET, RedisClient
from simcoalesce.model.redis_locks import RedisLocks, RefreshLock
from simcoalesce.model.refresher import DomainGuard, Guard, Refresher, Refreshing
from simcoalesce.model.scope import Scope
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveDuration

Dedupe: TypeAlias = Literal["none", "isolate", "global"]


class RedisRead(Layer):
    """A GET from one Redis for all locations; it sees what is set when it gets there.

    A command acts in the middle of its latency: half of the time there, half back. A
    value beyond its `soft_ttl`, or one that is early by `xfetch`, is refreshed.

    Libraries: Symfony's cache is `xfetch: {}` with `dedupe: global`; Laravel's
    `Cache::flexible([10, 60])` is `soft_ttl: 10s, ttl: 60s, dedupe: global`; dogpile
    is a `soft_ttl` with `refresh: foreground` and `dedupe: global`.
    """

    section: ClassVar[str] = "redis"
    scope: ClassVar[Scope] = Scope.EVERYWHERE
    store: ClassVar[str] = "Redis"
    not_modelled: ClassVar[Sequence[str]] = ("a Redis server that is busy or fails",)
    looks_up: ClassVar[bool] = True
    says_found: ClassVar[str] = "Redis has the value"

    kind: Literal["redis.read"] = "redis.read"
    latency: Latency = default("0.5ms")
    """Time of a command, there and back."""
    xfetch: XFetch | None = None
    """Refresh before the expiry, by chance; each hit draws."""
    stale_if_error_ns: Duration = default("0s")
    """How long after its expiry a value stands in for a 500, 502, 503 or 504."""
    refresh: Literal["background", "foreground"] | None = None
    """Whether the request that refreshes waits for it, and gets the old value if it
    fails; if absent, foreground with `xfetch`, else background."""
    dedupe: Dedupe | None = None
    """Who else refreshes meanwhile: all, other isolates, or nobody, by a lock in Redis;
    if absent, none with `xfetch`, else isolate."""
    refresh_lock_ttl_ns: PositiveDuration = default("10s")
    """How long the lock of `dedupe: global` lasts at most."""
    back_off_ns: Duration = default("0s")
    """How long after a failed refresh the next one waits, where `dedupe` says."""

    @property
    def refreshes_in_foreground(self) -> bool:
        """Whether the request that refreshes waits for it."""
        if self.refresh is None:
            return self.xfetch is not None
        return self.refresh == "foreground"

    @property
    def deduplicates_by(self) -> Dedupe:
        """Among whom one refreshes."""
        if self.dedupe is None:
            return "none" if self.xfetch is not None else "isolate"
        return self.dedupe

    @override
    def waits_before(self) -> Iterator[Wait]:
        half_ns = self.latency.expected_ns / 2
        yield Wait(GET, half_ns, is_lookup=True)
        yield Wait(GET, half_ns)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, server = context.clock, context.redis
        code = context.recorder.code_of("redis")
        client = self._client(context, "latency")
        serve = self._refresher(fetch, context).serve
        is_simple = self.xfetch is None

        def read(request: Request) -> Steps:
            def get() -> tuple[Entry | None, int]:
                return server.get(request.key), clock.now_ns

            entry, at_ns = yield from client.ask(request, get)
            if is_simple and entry is not None and entry.is_fresh(at_ns):
                return entry.hit(code)
            return (yield from serve(request, entry, at_ns))

        return read

    def _client(self, context: LayerContext, name: str) -> RedisClient:
        count = context.recorder.counter("redis_commands")
        latency = context.sampler(self.latency, name)
        return RedisClient(context.clock, latency, count, context.tell)

    def _refresher(self, fetch: Fetch, context: LayerContext) -> Refresher:
        return Refresher(
            fetch,
            context.clock,
            Rules(
                stale_while_revalidate_ns=0,
                stale_if_error_ns=self.stale_if_error_ns,
                ahead_ratio=None,
                beta=None if self.xfetch is None else self.xfetch.beta,
                xfetch=xfetch_sampler(context),
            ),
            self._guard(context),
            Refreshing(
                code=context.recorder.code_of("redis"),
                waits=self.refreshes_in_foreground,
                hides_errors=True,
            ),
        )

    def _guard(self, context: LayerContext) -> Guard:
        """Return who lets one refresh, or all."""
        clock, back_off_ns = context.clock, self.back_off_ns
        if self.deduplicates_by != "global":
            is_one = self.deduplicates_by == "isolate"
            domain_of = context.domains.domain_of
            return DomainGuard(clock, domain_of, is_one=is_one, back_off_ns=back_off_ns)
        client = self._client(context, "lock_latency")
        ttl_ns = self.refresh_lock_ttl_ns
        locks = RedisLocks("refresh", ttl_ns, context.redis, client)
        return RefreshLock(locks, back_off_ns)
