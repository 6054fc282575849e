"""Cache of a location: what all its isolates share, and the clock it expires by."""

from collections.abc import Sequence
from typing import ClassVar, Self, TypeAlias

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.model.answer import NOT_SAID, Answer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.lifetime import ErrorTtl, check_whole_seconds, lifetime_ns
from simcoalesce.model.scope import Scope
from simcoalesce.model.storing_layer import StoringLayer
from simcoalesce.model.tier import TieredLayer
from simcoalesce.outcomes import Lookup
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import NS_PER_S, Duration, PositiveDuration

CacheKey: TypeAlias = tuple[int, int]
"""Under what an answer is kept: the number of a tier, e.g. a location, and a key."""


class HttpCache(TieredLayer, StoringLayer):
    """A layer that is an HTTP cache, of a location or of more."""

    scope: ClassVar[Scope] = Scope.CACHE
    looks_up: ClassVar[bool] = True
    makes_wait: ClassVar[bool] = True
    says_found: ClassVar[str] = "the cache has the answer"
    says_stored: ClassVar[str] = "the cache stores it"
    not_modelled: ClassVar[Sequence[str]] = ("a cache's size in bytes",)

    counts_age: bool = False
    """Whether the time that an answer has spent in caches behind this one counts (Age),
    as in Fastly's shielding; otherwise its lifetime begins anew here."""

    @property
    @override
    def streams(self) -> bool:
        return True

    @property
    @override
    def needs_simpy(self) -> str:
        return self.start_needs_simpy

    def age_of(self, answer: Answer, at_ns: int) -> int:
        """Return how old an answer is when it comes (RFC 9111, 4.2.3)."""
        is_stored = self.counts_age and answer.stored_at_ns != NOT_SAID
        return at_ns - answer.stored_at_ns if is_stored else 0


class CachingLayer(HttpCache):
    """A layer that keeps answers, for all isolates of the location where it stands."""

    keeps_last_second: ClassVar[bool] = True
    """By whole seconds: whether an answer is fresh to the end of its last second."""

    kind: str
    ttl_ns: PositiveDuration = default("60s")
    """How long an answer is fresh, from the moment that it came, if it does not say."""
    error_ttl: ErrorTtl = Field(default_factory=dict)
    """How long errors are fresh, e.g. {404: 30s, 5xx: 1s}; others are not stored."""
    whole_seconds: bool = True
    """Whether lifetimes are reckoned in whole seconds of the wall clock."""
    clock_offset_ns: Duration = default("0ms")
    """How far into a second of the wall clock the run begins."""

    @model_validator(mode="after")
    def _ttl_of_whole_seconds(self) -> Self:
        if self.whole_seconds:
            check_whole_seconds("a ttl", self.ttl_ns)
            for status, ttl_ns in self.error_ttl.items():
                check_whole_seconds(f"an error_ttl ({status})", ttl_ns)
        return self

    @override
    def age_of(self, answer: Answer, at_ns: int) -> int:
        age_ns = super().age_of(answer, at_ns)
        return age_ns // NS_PER_S * NS_PER_S if self.whole_seconds else age_ns

    @property
    def stores_expired(self) -> bool:
        """Whether an answer that says 0 s is stored, though it has expired."""
        return False

    def lifetime_ns(self, answer: Answer) -> int | None:
        """Return how long an answer is fresh; None if it may not be stored."""
        return lifetime_ns(answer, self.ttl_ns, self.error_ttl)

    def expires_at_ns(
        self, stored_at_ns: int, called_at_ns: int, lifetime_ns: int
    ) -> int:
        """Return when an answer is no longer fresh.

        Args:
            stored_at_ns: When its headers came.
            called_at_ns: When it was asked for.
            lifetime_ns: How long it is fresh.
        """
        if not self.whole_seconds:
            return stored_at_ns + lifetime_ns
        second = self.second_of(stored_at_ns) + self.keeps_last_second
        age_s = self.age_when_stored_s(stored_at_ns, called_at_ns)
        return (second - age_s) * NS_PER_S - self.clock_offset_ns + lifetime_ns

    def second_of(self, instant_ns: int) -> int:
        """Return the second of the wall clock at an instant, from t = 0 on."""
        return (instant_ns + self.clock_offset_ns) // NS_PER_S

    def age_when_stored_s(self, stored_at_ns: int, called_at_ns: int) -> int:  # noqa: ARG002
        """Return the age of an answer when it is stored, in whole seconds."""
        return 0


class Stored:
    """An answer in a cache."""

    __slots__ = ("_answer", "_hit", "complete_at_ns", "expires_at_ns")

    def __init__(
        self, answer: Answer, stored_at_ns: int, expires_at_ns: int, *, code: int
    ) -> None:
        """Keep an answer.

        Args:
            answer: What is kept.
            stored_at_ns: Since when.
            expires_at_ns: From when on it is no longer fresh.
            code: Of the cache, as a ``served_by``.
        """
        self._answer = answer
        self._hit = answer.as_hit(code)
        if answer.stored_at_ns == NOT_SAID:
            self._hit = self._hit._replace(stored_at_ns=stored_at_ns)
        self.expires_at_ns = expires_at_ns
        self.complete_at_ns = answer.complete_at_ns

    @property
    def ok(self) -> bool:
        """Whether it is content rather than an error."""
        return self._answer.ok

    def hit(self) -> Answer:
        """Return it to a request that finds it fresh."""
        return self._hit

    def stale(self) -> Answer:
        """Return it to a request that gets it although it expired."""
        return self._hit._replace(lookup=Lookup.STALE)

    def followed(self) -> Answer:
        """Return it to a request that waited until it was there."""
        return self._answer.as_followed()


class LocationCache:
    """The answers that each location keeps.

    Simplification: what expired may be asked for until it is evicted (nginx removes
    what nobody has asked for in ten minutes).
    """

    def __init__(self, layer: CachingLayer, context: LayerContext) -> None:
        self._clock = context.clock
        self._tier_of = layer.tier_of(context)
        self._code = context.recorder.code_of(layer.served_by)
        self._layer = layer
        self._kept = layer.own_store(context, layer.ttl_ns, self._held)

    def key_of(self, request: Request) -> CacheKey:
        """Return under what a request looks for an answer."""
        return self._tier_of(request), request.key

    def kept(self, key: CacheKey) -> Stored | None:
        """Return what is kept, expired or not."""
        return self._kept.get(*key)

    def fresh(self, key: CacheKey) -> Stored | None:
        """Return what is kept and may be served now."""
        stored = self._kept.get(*key)
        if stored is None or self._clock.now_ns >= stored.expires_at_ns:
            return None
        return stored

    def keep(
        self, key: CacheKey, answer: Answer, called_at_ns: int, came_at_ns: int
    ) -> bool:
        """Keep the answer to a call, if it may be kept; say whether it is.

        Args:
            key: Under what to keep it.
            answer: The answer.
            called_at_ns: When it was asked for.
            came_at_ns: When its headers came: lifetimes count from then.
        """
        layer = self._layer
        fresh_ns = layer.lifetime_ns(answer)
        if fresh_ns is None:
            return False
        fresh_ns = max(fresh_ns - layer.age_of(answer, came_at_ns), 0)
        if not (fresh_ns or layer.stores_expired):
            return False
        expires_at_ns = came_at_ns
        if fresh_ns:
            expires_at_ns = layer.expires_at_ns(came_at_ns, called_at_ns, fresh_ns)
        stored = Stored(answer, came_at_ns, expires_at_ns, code=self._code)
        self._kept.put(*key, stored)
        return True

    def _held(self, answer: Answer) -> Stored:
        """Return an answer that was stored before the run, when it was made."""
        made_at_ns, layer = answer.generated_at_ns, self._layer
        ends_at_ns = layer.expires_at_ns(made_at_ns, made_at_ns, layer.ttl_ns)
        return Stored(answer, made_at_ns, ends_at_ns, code=self._code)

    def drop(self, key: CacheKey) -> None:
        """Keep nothing, if anything is kept."""
        self._kept.drop(*key)
