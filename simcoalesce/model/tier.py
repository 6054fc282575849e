"""Tiers: who shares an HTTP cache, and how far it is from those who ask it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final, Literal, Self, TypeAlias

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.clock import ANSWER, START, Fetch, Steps
from simcoalesce.model.layer import Layer, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler
from simcoalesce.spec import default

TierScope: TypeAlias = Literal["location", "region", "global"]
"""Who shares a cache: the isolates of a location, its region, or everybody."""

_WAY_BACK: Final = "way back"

Hops: TypeAlias = Callable[[Request], int]
"""How long a request is on its way, in nanoseconds."""


class TieredLayer(Layer):
    """A cache of each location, or a tier of a region or of all locations.

    What stands behind a tier still runs at the location of the request: it is the
    look-up that moves, and not the worker.
    """

    may_repeat: ClassVar[bool] = True

    scope_: TierScope = "location"
    """Who shares it: the isolates of a location, all locations of a region, or all
    locations (global)."""
    regions: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The locations of each region, e.g. {eu: [lhr, fra], us: [iad]}."""
    hop: Latency = default("0ms")
    """One way to it, from the location or from the tier in front of it."""
    hops: dict[str, Latency] = Field(default_factory=dict)
    """One way for the requests of a location where it differs, e.g. {icn: 35ms}."""

    @model_validator(mode="after")
    def _has_its_regions(self) -> Self:
        if self.scope_ == "region" and not self.regions:
            raise ValueError(
                "a cache of a region needs regions; write e.g."
                " regions: {eu: [lhr, fra], us: [iad]}"
            )
        named = [name for names in self.regions.values() for name in names]
        twice = [name for name in dict.fromkeys(named) if named.count(name) > 1]
        if twice:
            raise ValueError(f"the location {twice[0]} is in more than one region")
        return self

    @property
    @override
    def served_by(self) -> str:
        name = super().served_by
        return name if self.scope_ == "location" else f"{name}.{self.scope_}"

    @property
    @override
    def noun(self) -> str:
        words = self.kind.replace("_", " ")
        owner = {"location": "the", "region": "the region's", "global": "the global"}
        return f"{owner[self.scope_]} {words}"

    @property
    @override
    def says_wait(self) -> str:
        if self.scope_ == "location" or not self.shares:
            return super().says_wait
        where = "in its region" if self.scope_ == "region" else "at all locations"
        return f"Other misses {where} wait for the same answer."

    @property
    @override
    def found_at(self) -> Literal["one location", "several", "all"]:
        if self.scope_ == "location":
            return "one location"
        return "all" if self.scope_ == "global" else "several"

    @override
    def waits_before(self) -> Iterator[Wait]:
        name, length_ns = f"way to {self.noun}", self.hop.expected_ns
        yield Wait(name, length_ns, is_lookup=True, is_way=True)

    @override
    def waits_after(self) -> Iterator[Wait]:
        yield Wait(_WAY_BACK, self.hop.expected_ns, is_way=True)

    @override
    def locations_named(self) -> Iterator[tuple[str, str]]:
        for names in self.regions.values():
            yield from (("regions", name) for name in names)
        yield from (("hops", name) for name in self.hops)

    @property
    def tiers(self) -> Sequence["TieredLayer"]:
        """What it consists of, from the outside in: itself, if it is one cache."""
        return (self,)

    def left_out(self, locations: Sequence[str]) -> list[str]:
        """Return the locations that are in no region, where that matters."""
        if self.scope_ != "region":
            return []
        named = {name for names in self.regions.values() for name in names}
        return [name for name in locations if name not in named]

    def tier_of(self, context: LayerContext) -> Callable[[Request], int]:
        """Return which of its caches a request asks, by a number.

        Raises:
            ValueError: If a location of the traffic is in no region.
        """
        location_of = context.domains.location_of
        if self.scope_ == "location":
            return location_of
        tiers = self.tier_at(context)
        return lambda request: tiers[location_of(request)]

    def tier_at(self, context: LayerContext) -> Sequence[int]:
        """Return which of its caches each location asks, by a number.

        Raises:
            ValueError: If a location of the traffic is in no region.
        """
        if self.scope_ == "location":
            return range(len(context.locations))
        if self.scope_ == "global":
            return [0] * len(context.locations)
        if left_out := self.left_out(context.locations):
            raise ValueError(f"{context.label}: {in_no_region(left_out[0])}")
        regions = enumerate(self.regions.values())
        number = {name: index for index, names in regions for name in names}
        return [number[name] for name in context.locations]

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        return self.at_a_distance(self.answering(fetch, context), context)

    def answering(self, fetch: Fetch, context: LayerContext) -> Fetch:
        """Return what the cache does with a request that has come to it."""
        raise NotImplementedError

    def at_a_distance(self, serve: Fetch, context: LayerContext) -> Fetch:
        """Return what is done with a request, with the way there and back."""
        if not self.hops and context.sampler(self.hop, "hop").constant_ns == 0:
            return serve
        clock = context.clock
        there, back = self._hops(context, "hop"), self._hops(context, "hop_back")
        tell, way = context.tell, next(iter(self.waits_before())).name

        def ask(request: Request) -> Steps:
            if hop_ns := there(request):
                if tell is not None:
                    tell(request, way, clock.now_ns + hop_ns)
                yield clock.after(hop_ns, START, request)
            answer = yield from serve(request)
            if hop_ns := back(request):
                if tell is not None:
                    tell(request, _WAY_BACK)
                yield clock.after(hop_ns, ANSWER, request)
                # The last byte of a body takes as long as the first.
                complete_at_ns = answer.complete_at_ns + hop_ns
                answer = answer._replace(complete_at_ns=complete_at_ns)
            return answer

        return ask

    def ways(
        self, context: LayerContext, name: str
    ) -> tuple[Sampler, Mapping[int, Sampler]]:
        """Return how long a way takes, and from the locations where that differs."""
        return context.sampler(self.hop, name), {
            context.index_of(location): context.sampler(latency, f"{name}[{location}]")
            for location, latency in self.hops.items()
        }

    def _hops(self, context: LayerContext, name: str) -> Hops:
        usual, own = self.ways(context, name)
        if not own:
            return lambda request: usual.draw(request.id, request.attempt)
        location_of = context.domains.location_of

        def hop_ns(request: Request) -> int:
            sampler = own.get(location_of(request), usual)
            return sampler.draw(request.id, request.attempt)

        return hop_ns


def in_no_region(location: str) -> str:
    """Return what is wrong with a location that no region has."""
    return f'the location "{location}" is in no region; add it to one of regions'


def tiers_of(layer: Layer) -> Sequence[Layer]:
    """Return what a layer consists of, from the outside in."""
    return layer.tiers if isinstance(layer, TieredLayer) else (layer,)


def of_tier(context: LayerContext, number: int) -> LayerContext:
    """Return the context of a tier of a layer: the first draws as the layer does."""
    return replace(context, label=f"{context.label}.upper") if number else context
