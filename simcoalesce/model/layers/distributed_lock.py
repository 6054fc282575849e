"""distributed_lock: of all isolates, one fetches a cold key, by a lock in Redis."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final, Literal

from pydantic import model_validator
from typing_extensions import override

from simcoalesce.model.causes import Removals
from simcoalesce.model.clock import Fetch
from simcoalesce.model.layer import LayerEvent, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.locked_fetch import (
    Asks,
    LockedFetch,
    LockNotes,
    LockRules,
    OnTimeout,
    Release,
)
from simcoalesce.model.polling_layer import PollingLayer
from simcoalesce.model.redis import DEL, LOCK
from simcoalesce.model.redis_locks import RedisLocks
from simcoalesce.spec import default
from simcoalesce.units import OptionalDuration

_ENDED: Final = LayerEvent(
    "lock_waits_ended",
    "lock_waits_ended",
    "request",
    "Waiting for the holder of a lock ends in vain: {number}.",
)
_LOST: Final = LayerEvent(
    "locks_lost",
    "locks_lost",
    "lock",
    "A lock expires before the fetch under it has ended: {number}.",
)


class DistributedLock(PollingLayer):
    """Who gets `SET l:KEY token NX PX lock_ttl` fetches, and frees the lock after it.

    It stands behind `redis.read` and before `redis.write`. Who does not get the lock
    sleeps `poll` and looks, until `wait` is over. A fetch that fails is its holder's
    alone, and frees the lock; so does a holder whose client leaves.

    Libraries (2026-11): the defaults are redis.io's cache-aside. redis-py's `Lock`
    around a look and a fetch: `poll: 100ms, lock_ttl: unlimited, wait: 1h, asks: lock,
    recheck: true`. IdentityCache, which tries twice: `poll: 100ms, wait: 200ms,
    on_timeout: error`. lock_and_cache: `lock_ttl: 32s, heartbeat: true, asks: lock,
    recheck: true`. Moleculer: `lock_ttl: 15s, asks: both`.
    """

    events: ClassVar[Sequence[LayerEvent]] = (_ENDED, _LOST)

    kind: Literal["distributed_lock"] = "distributed_lock"
    lock_ttl_ns: OptionalDuration = default("2s")
    """How long a lock lasts; then the next who asks has it. `unlimited` for one that
    never expires."""
    asks: Asks = "value"
    """What who waits does after each sleep: look for the value; try the lock again;
    look, and try the lock if there is no value."""
    on_timeout: OnTimeout = "fetch"
    """What it does after its `wait`: fetch for itself, and store that; answer 503;
    answer with the expired value, or fetch if there is none; try the lock, and wait
    again."""
    recheck: bool = False
    """Whether who gets the lock looks for the value before it fetches."""
    release: Release = "token"
    """How a lock is freed: if it is still one's own; by a DEL, which may free that of
    another; not at all."""
    heartbeat: bool = False
    """Whether a holder renews its lock until it frees it."""

    @model_validator(mode="after")
    def _nobody_waits_for_ever(self) -> "DistributedLock":
        retries = self.on_timeout == "retry_lock"
        if self.wait_ns is None and self.asks == "value":
            raise ValueError(
                "with wait: unlimited and asks: value requests wait for ever if the"
                " holder's fetch fails; write e.g. wait: 5s, or asks: both"
            )
        if self.wait_ns == 0 and retries:
            raise ValueError(
                "with wait: 0ms and on_timeout: retry_lock nobody ever sleeps; write"
                " e.g. wait: 1s, or wait: unlimited and asks: lock"
            )
        never_expires = self.lock_ttl_ns is None or self.heartbeat
        if never_expires and (self.wait_ns is None or retries):
            raise ValueError(
                "a lock that never expires may be waited for for ever; write e.g."
                " lock_ttl: 2s without heartbeat, or wait: 1h without on_timeout:"
                " retry_lock"
            )
        return self

    @override
    def causes(self) -> Removals:
        lasting = {"lock_ttl": "24h", "wait": "24h"}
        return {**super().causes(), "lock_timeout": lasting}

    @property
    @override
    def noun(self) -> str:
        return "the distributed lock"

    @property
    @override
    def patience_ns(self) -> int | None:
        return None if self.on_timeout == "retry_lock" else self.wait_ns

    @property
    @override
    def shared_for_ns(self) -> int | None:
        return None if self.heartbeat else self.lock_ttl_ns

    @property
    @override
    def resumptions(self) -> int:
        return 1

    @property
    @override
    def says_wait(self) -> str:
        return "It has the key's lock in Redis: other misses ask again every {poll}."

    @override
    def waits_before(self) -> Iterator[Wait]:
        times = 2 if self.recheck else 1
        yield Wait(LOCK, times * self.latency.expected_ns)

    @override
    def waits_after(self) -> Iterable[Wait]:
        if self.release != "none":
            yield Wait(DEL, self.latency.expected_ns)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        recorder = context.recorder
        poller = self.poller(context)
        renewed_ns = self.lock_ttl_ns if self.heartbeat else None
        return LockedFetch(
            LockRules(
                self.asks, self.on_timeout, self.recheck, self.release, renewed_ns
            ),
            fetch,
            context.redis,
            poller,
            RedisLocks("lock", self.lock_ttl_ns, context.redis, poller.client),
            LockNotes(
                recorder.code_of(self.kind),
                recorder.counter(_ENDED.unit),
                recorder.counter(_LOST.unit),
            ),
        ).serve
