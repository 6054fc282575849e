"""Storing layers: layers that keep answers in a store of their own."""

from collections.abc import Callable, Iterator
from typing import ClassVar, TypeVar

from typing_extensions import override

from simcoalesce.distribution import ReplayedLatency
from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import LASTING, WARM, Removals
from simcoalesce.model.eviction import Eviction
from simcoalesce.model.initial import Initial
from simcoalesce.model.layer import Layer, LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.note import UNKEPT, Note
from simcoalesce.model.store import Fill, Store
from simcoalesce.spec import default
from simcoalesce.units import OptionalPositiveCount

V = TypeVar("V")


class StoringLayer(Layer):
    """A layer with a store of its own: bounded if so said, and warm at the start."""

    stores: ClassVar[bool] = True

    max_entries: OptionalPositiveCount = default("unlimited")
    """How many values each instance of the store keeps: a location's cache, the memory
    of an isolate or object."""
    eviction: Eviction = "lru"
    """Which goes when there are more: lru (not used for longest), or sieve (the oldest
    that was not used since the hand passed it)."""
    initial: Initial | None = None
    """What the store holds when the run begins; nothing if absent."""

    @property
    @override
    def held_at_start(self) -> str:
        return self.initial.keys_text if self.initial else ""

    @property
    @override
    def shares_between_keys(self) -> str:
        return "" if self.max_entries is None else "a store that may be full"

    @property
    def start_needs_simpy(self) -> str:
        """What of its start only the SimPy engine knows; empty if nothing."""
        if self.max_entries is not None and self.initial is not None:
            return "what a store holds at the start that may be full"
        is_recorded = isinstance(getattr(self.initial, "age", None), ReplayedLatency)
        return "recorded ages of what it holds at the start" if is_recorded else ""

    @override
    def causes(self) -> Removals:
        ttl = {"ttl": LASTING} if "ttl_ns" in type(self).model_fields else {}
        if "ttl_jitter_ratio" in type(self).model_fields:
            ttl["ttl_jitter"] = "0%"
        limit = {"eviction": {"max_entries": "unlimited"}}
        return {
            "cold_key": {"initial": WARM},
            **({"expiry": ttl} if ttl else {}),
            **limit,
        }

    @property
    @override
    def more_calls(self) -> str:
        if self.max_entries is None:
            return ""
        return (
            f"{self.noun} keeps {self.max_entries:,} values at most: others go before"
            " they expire"
        )

    @property
    @override
    def fewer_calls(self) -> str:
        held = self.held_at_start
        return f"{self.noun} holds {held} when the run begins" if held else ""

    def own_store(
        self,
        context: LayerContext,
        ttl_ns: int,
        stored: Callable[[Answer], V],
    ) -> Store[V]:
        """Return the layer's store at the start of a run; changes may reach it.

        Args:
            context: Where the layer runs.
            ttl_ns: How long what it holds at the start is fresh.
            stored: Returns how an answer is kept that was stored when it was made.
        """
        fill = self._fill(context, ttl_ns, stored)
        store = Store(self.max_entries, self.eviction, fill, self._evicted(context))
        self.keep(store, context)
        return store

    def one_store(
        self,
        context: LayerContext,
        ttl_ns: int,
        stored: Callable[[Answer], V],
    ) -> Store[V]:
        """Return a store of one instance for all, number 0, that no change reaches yet.

        Args:
            context: Where the layer runs.
            ttl_ns: How long what it holds at the start is fresh.
            stored: Returns how an answer is kept that was stored when it was made.
        """
        initial = self.initial

        def fill(instance: int) -> Iterator[tuple[int, V]]:
            if initial is not None:
                for key, answer in initial.answers(context, instance, ttl_ns):
                    yield key, stored(answer)

        held = fill if initial else None
        return Store(self.max_entries, self.eviction, held, self._evicted(context))

    @override
    def can_happen(self) -> Iterator[LayerEvent]:
        yield from self.events
        if self.max_entries is not None:
            unit, most = f"{self.served_by}.evictions", f"{self.max_entries:,}"
            yield LayerEvent(
                f"{self.served_by}_evicts",
                unit,
                "value",
                f"{self.noun} is full with {most}, and evicts {{number}}.",
            )

    def _evicted(self, context: LayerContext) -> Note:
        """Return what notes that a value goes since the store is full."""
        if self.max_entries is None:
            return UNKEPT
        return context.recorder.note(f"{self.served_by}.evictions")

    def _fill(
        self, context: LayerContext, ttl_ns: int, stored: Callable[[Answer], V]
    ) -> Fill[V] | None:
        """Return what fills an instance of the store, if anything does."""
        initial, is_warm = self.initial, context.domains.is_warm
        if initial is None:
            return None

        def fill(instance: int) -> Iterator[tuple[int, V]]:
            if is_warm(instance):
                for key, answer in initial.answers(context, instance, ttl_ns):
                    yield key, stored(answer)

        return fill
