"""origins: several origins at the end of a path; each call goes to one of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.causes import Removals, removed
from simcoalesce.model.choice import Choice, Nearest, chooser, named, shares
from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.health import Health
from simcoalesce.model.layer import Layer, LayerEvent, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.origin import Origin
from simcoalesce.model.scope import Scope
from simcoalesce.randomness import Stream
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.suggestion import did_you_mean, listed
from simcoalesce.units import PositiveCount, PositiveDuration

_OUT: Final = LayerEvent(
    "origin_out", "origin_out", "time", "An origin is taken out: {number}."
)
_MOST: Final = 62
"""How many origins have kernels."""


class Origins(Layer):
    """Several origins, e.g. one in each region, and the rule that chooses among them.

    Who fails is out for a time (`failures`, `back_after`), known to all who call at
    once. If all are out, they are asked as if all were in, as a load balancer's
    fallback pool is. Simplification: nothing else is asked of their health.

    Source: developers.cloudflare.com/load-balancing, "Common configurations" (the
    fallback pool); nginx, ngx_http_upstream_round_robin.c, which answers 502 if all
    of its servers are out; read 2026-11-30.
    """

    scope: ClassVar[Scope] = Scope.ORIGIN
    events: ClassVar[Sequence[LayerEvent]] = (_OUT,)
    says_error: ClassVar[str] = ""

    kind: Literal["origins"] = "origins"
    of: Annotated[
        dict[str, Origin],
        Field(min_length=1, examples=[{"eu": {"latency": "120ms"}}]),
    ]
    """Each by its name, with the parameters of an `origin`; the first comes first."""
    choose: Choice = "failover"
    """Which is asked, of those that are not out: the first (failover), each in turn
    (round_robin), {nearest: {location: name}}, or any: {random: {name: weight}}."""
    failures: PositiveCount = 3
    """How many failures in a row take an origin out."""
    fails_on: tuple[Annotated[int, Field(ge=400, le=599)], ...] = (500, 502, 503, 504)
    """Which answers are failures."""
    back_after_ns: PositiveDuration = default("10s")
    """After how long one call tries an origin that is out."""
    tries: PositiveCount = 1
    """How many origins a call asks at most, one after the other, while they fail."""

    @model_validator(mode="after")
    def _names_are_its_own(self) -> Self:
        for name in named(self.choose):
            if name not in self.of:
                meant = did_you_mean(name, self.of) or "."
                there = f" There are: {listed(self.of)}"
                raise ValueError(f'choose: no origin is named "{name}"{meant}{there}')
        return self

    @override
    def causes(self) -> Removals:
        """Return those of each origin, with what takes them out of all."""
        of_each = {name: one.causes() for name, one in self.of.items()}
        kinds = dict.fromkeys(kind for known in of_each.values() for kind in known)
        return {kind: {"of": partial(_without, kind, of_each)} for kind in kinds}

    @property
    @override
    def served_by(self) -> str:
        return "origin"

    @property
    @override
    def noun(self) -> str:
        return "the origin"

    @override
    def noun_as(self, served_by: str) -> str:
        _, _, name = served_by.partition(".")
        return f"the origin {name}" if name in self.of else super().noun_as(served_by)

    @property
    @override
    def streams(self) -> bool:
        return any(one.streams for one in self.of.values())

    @property
    @override
    def resumptions(self) -> int:
        return max(one.resumptions for one in self.of.values())

    @property
    @override
    def is_cacheable(self) -> bool:
        return any(one.is_cacheable for one in self.of.values())

    @property
    @override
    def needs_simpy(self) -> str:
        return f"more than {_MOST} origins" if len(self.of) > _MOST else ""

    @property
    @override
    def shares_between_keys(self) -> str:
        return "the health of origins"

    @property
    @override
    def never_refuses(self) -> bool:
        return all(one.never_refuses for one in self.of.values())

    @property
    @override
    def refuses_at_once(self) -> bool:
        return any(one.refuses_at_once for one in self.of.values())

    @property
    def max_age(self) -> tuple[Latency, ...]:
        """The lifetimes that their answers say."""
        return tuple(one for origin in self.of.values() for one in origin.max_age)

    @override
    def can_happen(self) -> Iterator[LayerEvent]:
        yield from self.events
        for name, origin in self.of.items():
            yield from origin.events_as(f".{name}", f"the origin {name}")

    @override
    def waits_before(self) -> Iterator[Wait]:
        share_of = shares(self.choose, [*self.of])
        for name, origin in self.of.items():
            for wait in origin.waits_before():
                yield wait._replace(length_ns=wait.length_ns * share_of[name])

    @override
    def locations_named(self) -> Iterator[tuple[str, str]]:
        if isinstance(self.choose, Nearest):
            for location in self.choose.nearest:
                yield "choose", location

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, recorder = context.clock, context.recorder
        origins = [
            one.wrap(fetch, own_context(context, number, name))
            for number, (name, one) in enumerate(self.of.items())
        ]
        codes = [recorder.code_of(f"origin.{name}") for name in self.of]
        healths = [Health(self.failures, self.back_after_ns) for _ in self.of]
        counts = [recorder.counter(f"origin_calls.{name}") for name in self.of]
        count_out = recorder.counter(_OUT.unit)
        choose = chooser(self.choose, [*self.of], context)
        fails_on, tries = frozenset(self.fails_on), self.tries

        def call(request: Request) -> Steps:
            left, made = list(range(len(origins))), 0
            while True:
                alive = [one for one in left if healths[one].is_in(clock.now_ns)]
                one = choose(request, alive or left)
                healths[one].asked(clock.now_ns)
                counts[one]()
                answer = yield from origins[one](request)
                made += 1
                left.remove(one)
                is_failure = answer.status in fails_on
                if healths[one].answered(clock.now_ns, is_failure=is_failure):
                    count_out()
                is_last = made >= tries or not left
                if is_last or not is_failure:
                    return answer._replace(served_by=codes[one], attempts=made)

        return call


def _without(kind: str, of_each: Mapping[str, Any], written: Any) -> dict[str, Any]:
    """Return origins, as a scenario writes them, without a cause of harm."""
    return {
        name: removed(origin, of_each[name][kind]) for name, origin in written.items()
    }


def own_context(context: LayerContext, number: int, name: str) -> LayerContext:
    """Return the context of one of them, which draws as nobody else does.

    The first draws what an `origin` alone would draw.
    """
    seed = Stream(context.seed, f"origins.{name}").key if number else context.seed
    return replace(context, label="origin", which=name, seed=seed)
