"""kv.read: a lookup in the namespace; only a miss goes on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar, Final, Literal

from typing_extensions import override

from simcoalesce.distribution import Distribution, Latency
from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.clock import ANSWER, START, Fetch, Steps
from simcoalesce.model.freshness import Rules, XFetch, xfetch_sampler
from simcoalesce.model.kv import CopyRules, Entry
from simcoalesce.model.layer import Layer, LayerEvent, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.refresher import DomainGuard, Refresher, Refreshing
from simcoalesce.model.scope import Scope
from simcoalesce.request import Request
from simcoalesce.spec import Spec, default
from simcoalesce.units import Duration, Ratio, format_duration

_HIDDEN: Final = LayerEvent(
    "absence_served",
    "absence_served",
    "read",
    "Absence that was read before hides what has been written since: {number}.",
)


class RefreshAhead(Spec):
    """Refresh a value that is asked for late in its lifetime."""

    fraction_ratio: Ratio = default("90%")
    """Share of the lifetime after which to refresh."""


class KvRead(Layer):
    """A read answers with what its location can see, at its start or at its end."""

    section: ClassVar[str] = "kv"
    scope: ClassVar[Scope] = Scope.LOCATION
    store: ClassVar[str] = "KV"
    looks_up: ClassVar[bool] = True
    events: ClassVar[Sequence[LayerEvent]] = (_HIDDEN,)
    says_found: ClassVar[str] = "KV shows the value"
    not_modelled: ClassVar[Sequence[str]] = ("KV's regional tiers",)
    says_error: ClassVar[str] = ""

    kind: Literal["kv.read"] = "kv.read"
    read_latency: Latency = default("5ms")
    """Time to read a key that this location has read lately."""
    cold_read_latency: Latency | None = None
    """Time to read any other key; as `read_latency` if absent."""
    hot_for_ns: Duration = default("60s")
    """How long a key stays hot at a location that has read it."""
    read_at: Literal["start", "end"] = "start"
    """Whether a read sees what is visible when it is issued, or when it answers."""
    cache_ttl_ns: Duration = default("0s")
    """How long a location goes on reading a value that it has read."""
    negative_ttl_ns: Duration = default("0s")
    """How long a location goes on reading absence after it has read absence."""
    local_writes: Literal["visible", "cached"] = "visible"
    """Whether a put ends what its own location keeps of the key, or is hidden by it."""
    stale_while_revalidate_ns: Duration = default("0s")
    """How long after its expiry a value is served while it is refreshed."""
    stale_if_error_ns: Duration = default("0s")
    """How long after its expiry a value stands in for a 500, 502, 503 or 504."""
    refresh: Literal["background", "foreground"] = "background"
    """Whether the request that refreshes waits for it."""
    on_refresh_error: Literal["old_value", "error"] = "old_value"
    """What that request gets if its fetch fails, unless `stale_if_error` covers it."""
    refreshes: Literal["one", "each"] = "one"
    """Whether an isolate or object has one refresh of a key at a time, or many."""
    refresh_ahead: RefreshAhead | None = None
    """Refresh before the expiry, late in its lifetime."""
    xfetch: XFetch | None = None
    """Refresh before the expiry, by chance."""

    @property
    @override
    def keeps_absence(self) -> bool:
        return bool(self.negative_ttl_ns) and self.local_writes == "cached"

    @property
    @override
    def more_calls(self) -> str:
        if not self.negative_ttl_ns:
            return ""
        ttl = format_duration(self.negative_ttl_ns)
        return f"a location reads absence for {ttl} on, whatever another one puts"

    @property
    @override
    def plain_read(self) -> Distribution | None:
        is_plain = self.cold_read_latency is None and not self.is_forgiving()
        return self.read_latency if is_plain else None

    @property
    @override
    def keeps_copies(self) -> bool:
        return bool(self.cache_ttl_ns or self.negative_ttl_ns)

    @override
    def causes(self) -> Removals:
        return {"negative_caching": {"negative_ttl": "0ms"}}

    @override
    def can_happen(self) -> Iterable[LayerEvent]:
        return self.events if self.negative_ttl_ns else ()

    @override
    def waits_before(self) -> Iterator[Wait]:
        looks_late = self.read_at == "end"
        yield Wait("KV read", self.read_latency.expected_ns, is_lookup=looks_late)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, kv, usage = context.clock, context.kv, context.recorder.usage
        location_of, takes_ns = context.domains.location_of, self._timing(context)
        hit, copies = self._hit(context), self.copy_rules
        looks_late = self.read_at == "end"
        refresher = self._refresher(fetch, context) if self.is_forgiving() else None
        note_hidden = self._noting_hidden(context)

        def read(request: Request) -> Steps:
            usage.kv_reads += 1
            wait_ns = takes_ns(request)
            if looks_late:
                yield clock.after(wait_ns, ANSWER, request)
            at_ns = clock.now_ns
            entry = kv.lookup(request.key, location_of(request), at_ns, copies)
            if refresher is None and entry is not None and at_ns < entry.expires_at_ns:
                answer = hit(request, entry)
                if not looks_late:
                    yield clock.after(wait_ns, ANSWER, request)
                return answer
            note_hidden(request)
            if not looks_late:
                yield clock.after(wait_ns, START, request)
            elif clock.peek() == at_ns:  # what else ends now comes first
                yield clock.after(0, START, request)
            if refresher is not None:
                return (yield from refresher.serve(request, entry, at_ns))
            return (yield from fetch(request))

        return read

    def _noting_hidden(self, context: LayerContext) -> Callable[[Request], None]:
        """Return what notes a miss of what has been written, if a run notes that."""
        if not (self.negative_ttl_ns and context.recorder.is_noting):
            return lambda _: None
        clock, kv, location_of = context.clock, context.kv, context.domains.location_of
        hidden = context.recorder.note(_HIDDEN.unit)

        def note(request: Request) -> None:
            if kv.hides_fresh(request.key, location_of(request), clock.now_ns):
                hidden.happened()

        return note

    def _hit(self, context: LayerContext) -> Callable[[Request, Entry], Answer]:
        """Return what answers a request from a fresh entry."""
        kv, served_by = context.kv, context.recorder.code_of("kv")
        fast_path = kv.hit_fast_path if context.index == 0 else None

        def hit(request: Request, entry: Entry) -> Answer:
            answer, key, location = entry.hit(served_by), request.key, request.location
            if fast_path is not None and not kv.has_pending_puts(key, location):
                fast_path.note(key, location, answer, entry.expires_at_ns)
            return answer

        return hit

    @property
    def copy_rules(self) -> CopyRules:
        """How long its location goes on reading what it has read."""
        hides = self.local_writes == "cached"
        return CopyRules(self.cache_ttl_ns, self.negative_ttl_ns, hides)

    def is_forgiving(self) -> bool:
        """Say whether an entry can be more than fresh or gone."""
        return bool(
            self.stale_while_revalidate_ns
            or self.stale_if_error_ns
            or self.refresh_ahead
            or self.xfetch
        )

    def rules(self, context: LayerContext) -> Rules:
        """Return the layer's rules of freshness in one run."""
        ahead, xfetch = self.refresh_ahead, self.xfetch
        return Rules(
            stale_while_revalidate_ns=self.stale_while_revalidate_ns,
            stale_if_error_ns=self.stale_if_error_ns,
            ahead_ratio=None if ahead is None else ahead.fraction_ratio,
            beta=None if xfetch is None else xfetch.beta,
            xfetch=xfetch_sampler(context),
        )

    def _refresher(self, fetch: Fetch, context: LayerContext) -> Refresher:
        is_one, domain_of = self.refreshes == "one", context.domains.domain_of
        return Refresher(
            fetch,
            context.clock,
            self.rules(context),
            DomainGuard(context.clock, domain_of, is_one=is_one),
            Refreshing(
                code=context.recorder.code_of("kv"),
                waits=self.refresh == "foreground",
                hides_errors=self.on_refresh_error == "old_value",
            ),
        )

    def _timing(self, context: LayerContext) -> Callable[[Request], int]:
        hot = context.sampler(self.read_latency, "latency")
        constant_ns = hot.constant_ns
        if self.cold_read_latency is None:
            if constant_ns is not None:
                return lambda _: constant_ns
            return lambda request: hot.draw(request.id, request.attempt)
        cold = context.sampler(self.cold_read_latency, "cold_latency")
        clock, kv, hot_ns = context.clock, context.kv, self.hot_for_ns
        location_of = context.domains.location_of

        def takes_ns(request: Request) -> int:
            location = location_of(request)
            is_hot = kv.is_hot(request.key, location, clock.now_ns, hot_ns)
            return (hot if is_hot else cold).draw(request.id, request.attempt)

        return takes_ns
