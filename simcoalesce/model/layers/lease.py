"""lease: a store that lets one fetch what it does not have, and refuses late sets."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final, Literal

from pydantic import Field
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.clock import Fetch
from simcoalesce.model.kv import Entry
from simcoalesce.model.layer import LayerEvent, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.leased_fetch import (
    LEASE,
    LEASED_SET,
    LeasedFetch,
    LeaseNotes,
    Lifetimes,
)
from simcoalesce.model.leases import Leases
from simcoalesce.model.lifetime import ErrorTtl, jittered_ns, own_lifetime_ns
from simcoalesce.model.polling_layer import PollingLayer
from simcoalesce.model.redis import expires_at_ns
from simcoalesce.model.storing_layer import StoringLayer
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveDuration, Ratio

_ENDED: Final = LayerEvent(
    "lease_waits_ended",
    "lease_waits_ended",
    "request",
    "Waiting for what is leased to another ends in vain: {number}.",
)
_REFUSED: Final = LayerEvent(
    "late_sets_refused",
    "late_sets_refused",
    "set",
    "A set is refused, since its lease is lost: {number}.",
)


class Lease(PollingLayer, StoringLayer):
    """A store and a lock in one, whose steps are atomic: `[lease, origin]`.

    A look-up finds the value, or gets a lease and fetches. While another has the lease
    it gets the old value, if there is one, at once; otherwise it sleeps `poll` and asks
    again, and after `wait` it fetches and stores nothing. A set without its lease is
    refused: so an answer that was under way when its key was purged is never stored.

    Systems: Facebook's memcache (Nishtala et al., NSDI 2013) gives one token in 10 s
    and key: the defaults, with `gives_back: false` and a `stale_ttl`. memcached's meta
    commands (`mg N`, flags W, Z, X) are the same with the `lease_ttl` of N.
    """

    events: ClassVar[Sequence[LayerEvent]] = (_ENDED, _REFUSED)
    says_stored: ClassVar[str] = "its set under the lease starts"

    kind: Literal["lease"] = "lease"
    ttl_ns: PositiveDuration = default("60s")
    """How long a value lives, from its set on."""
    ttl_jitter_ratio: Ratio = default("0%")
    """Each set's ttl is up to this share shorter or longer, at random."""
    error_ttl: ErrorTtl = Field(default_factory=dict)
    """How long an error lives, e.g. {404: 60s}; others are not stored."""
    lease_ttl_ns: PositiveDuration = default("10s")
    """How long a lease lasts; then the next who asks gets one."""
    stale_ttl_ns: Duration = default("0s")
    """How long a value is kept after its expiry, or after a purge, for those who ask
    while it is leased."""
    gives_back: bool = True
    """Whether a lease is given back by a fetch that fails or whose client leaves."""

    @override
    def causes(self) -> Removals:
        lasting = {"lease_ttl": "24h", "wait": "24h"}
        return {**super().causes(), "lock_timeout": lasting}

    @property
    @override
    def shared_for_ns(self) -> int:
        return self.lease_ttl_ns

    @property
    @override
    def resumptions(self) -> int:
        return 1

    @property
    @override
    def says_wait(self) -> str:
        return "It has the key's lease: other misses ask again every {poll}."

    @override
    def waits_before(self) -> Iterator[Wait]:
        half_ns = self.latency.expected_ns / 2
        yield Wait(LEASE, half_ns, is_lookup=True)
        yield Wait(LEASE, half_ns)

    @override
    def waits_after(self) -> Iterator[Wait]:
        yield Wait(LEASED_SET, self.latency.expected_ns)

    @override
    def waits_until_visible(self) -> Iterator[Wait]:
        yield Wait(LEASED_SET, self.latency.expected_ns / 2)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        leases = Leases(
            context.redis,
            context.clock,
            self.one_store(context, self.ttl_ns, self._as_set),
            lease_ttl_ns=self.lease_ttl_ns,
            stale_ttl_ns=self.stale_ttl_ns,
        )
        self.keep(leases, context)
        recorder, poller = context.recorder, self.poller(context)
        return LeasedFetch(
            fetch,
            leases,
            poller,
            self._lifetimes(context),
            gives_back=self.gives_back,
            notes=LeaseNotes(
                recorder.code_of(self.kind),
                recorder.counter(_ENDED.unit),
                recorder.counter(_REFUSED.unit),
            ),
        ).serve

    def _as_set(self, answer: Answer) -> Entry:
        """Return what was set when the origin made it."""
        set_at_ns = answer.generated_at_ns
        expires_ns = expires_at_ns(set_at_ns, self.ttl_ns)
        return Entry(answer, 0, set_at_ns, expires_ns)

    def _lifetimes(self, context: LayerContext) -> Lifetimes:
        """Return how long the store keeps the answer to a request."""
        jitter, stream = self.ttl_jitter_ratio, context.stream("ttl_jitter")

        def lifetime_ns(request: Request, answer: Answer) -> int:
            ttl_ns = own_lifetime_ns(answer, self.ttl_ns, self.error_ttl)
            if not jitter:
                return ttl_ns
            uniform = stream.uniform(request.id, request.attempt)
            return jittered_ns(ttl_ns, jitter, uniform)

        return lifetime_ns
