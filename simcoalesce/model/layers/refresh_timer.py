"""refresh_timer: fetches keys anew at fixed times, whether asked for or not."""

from collections.abc import Sequence
from itertools import count, product
from typing import ClassVar, Final, Literal

from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import START, Fetch, Steps
from simcoalesce.model.key_selection import ALL, KeySelection, selected
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.scope import Scope
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveDuration

_EACH: Final = "each"


class RefreshTimer(Layer):
    """A timer that has keys fetched and stored by the layers behind it, as a cron does.

    Requests pass it as if it were not there; put it behind the layers that read a
    store, and before those that write it: `[kv.read, refresh_timer, kv.write, origin]`.
    Its fetches are no requests: the origin receives calls that no request made, and
    the worker's runs for them are not billed. Behind a `durable_object` they begin in
    the object of their key, as those of an alarm: its memory keeps what they bring.
    """

    scope: ClassVar[Scope] = Scope.ANYWHERE

    kind: Literal["refresh_timer"] = "refresh_timer"
    every_ns: PositiveDuration
    """From one round to the next; a round begins whether the last one has ended."""
    first_at_ns: Duration = default("0s")
    """When the first round begins; rounds end with the arrivals."""
    keys: KeySelection = ALL
    """Which keys: all, the first of the traffic's keys (top 100), a share by chance
    (10%), names, or beginnings of names (product/*)."""
    spacing_ns: Duration = default("0ms")
    """Time between two keys of a round; 0ms: all at once."""
    location: str = _EACH
    """Where it runs: a location, or each, for stores that locations do not share."""

    @property
    @override
    def starts_every_ns(self) -> int:
        return self.every_ns

    @property
    @override
    def fewer_calls(self) -> str:
        return "a timer fetches keys too, whether they are asked for or not"

    @override
    def locations_named(self) -> Sequence[tuple[str, str]]:
        return () if self.location == _EACH else (("location", self.location),)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        context.clock.start(self._rounds(fetch, context))
        return fetch

    def _rounds(self, fetch: Fetch, context: LayerContext) -> Steps:
        """Begin a round each time, until no more requests arrive."""
        clock, numbers = context.clock, count(1)
        at_ns = self.first_at_ns
        while at_ns < context.ends_at_ns:
            # Numbers below those of requests: their draws are their own.
            first = Request(-next(numbers), 0, 0, 0, at_ns)
            yield clock.until(at_ns, START, first)
            for key, location in self.concerned(context):
                one = Request(-next(numbers), key, location, -1 - location, at_ns)
                # Inside an object: it is there from now on, whoever asks it first.
                context.domains.domain_of(one)
                clock.start(fetch(one))
                if self.spacing_ns:
                    yield clock.after(self.spacing_ns, START, one)
            at_ns = max(at_ns + self.every_ns, clock.now_ns)
        return Answer(200, Lookup.MISS, Role.NONE, 0, clock.now_ns)

    def concerned(self, context: LayerContext) -> list[tuple[int, int]]:
        """Return the keys of a round, each with the location where it is fetched."""
        keys = selected(self.keys, context.keys, context.stream("keys"))
        places = range(len(context.locations))
        if self.location != _EACH:
            places = range(i := context.locations.index(self.location), i + 1)
        return list(product(keys.nonzero()[0].tolist(), places))
