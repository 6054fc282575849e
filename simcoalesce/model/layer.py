"""The idea of a layer: a step of a path, which answers or asks the next one."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final, Literal

from typing_extensions import override

from simcoalesce.distribution import Distribution
from simcoalesce.model.calls_of_misses import CallsOfMisses
from simcoalesce.model.causes import Removals
from simcoalesce.model.changeable import NamedStore, Purgeable
from simcoalesce.model.clock import Fetch
from simcoalesce.model.domains import Domains
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layer_event import LayerEvent
from simcoalesce.model.platform_limit import PlatformLimit
from simcoalesce.model.rate_limit import RateLimit
from simcoalesce.model.scope import Scope
from simcoalesce.model.wait import Wait
from simcoalesce.spec import Spec

__all__ = ["ANOTHERS_FETCH", "Layer", "LayerEvent", "Wait"]

_WAIT: Final = {
    Scope.ISOLATE: "Other misses in its isolate wait for the same answer.",
    Scope.OBJECT: "Other misses wait in its object for the same answer.",
    Scope.EVERYWHERE: "Other misses wait for the same answer.",
}
ANOTHERS_FETCH: Final = "wait for another's fetch"
_WAIT_ELSEWHERE: Final = "Other misses at its location wait for the same answer."


class Layer(CallsOfMisses, Spec):
    """A step of a path.

    `wrap` gets what comes next as a function and returns a function of the same kind:
    a layer that does nothing returns what it got. All else is what the layer says of
    itself: closed form, story, traces and charts read it, and ask no layer for its
    name. Words are parts of sentences.
    """

    family: ClassVar[str] = "simcoalesce.model.layers"
    section: ClassVar[str] = ""
    """The section of a scenario that shares its parameters; its kind if empty."""
    scope: ClassVar[Scope] = Scope.ISOLATE
    """Where it runs."""
    store: ClassVar[str] = ""
    """The store outside of the path that it reads or writes; else it keeps its own."""
    looks_up: ClassVar[bool] = False
    """Whether it answers from what is stored."""
    stores: ClassVar[bool] = False
    """Whether it keeps answers that pass it."""
    is_purged: ClassVar[bool] = True
    """Whether a purge reaches what it keeps, even one that names no store."""
    makes_wait: ClassVar[bool] = False
    """Whether requests wait there for each other: what was true before may change."""
    gives_up: ClassVar[bool] = False
    """Whether it answers requests that have waited too long."""
    asks_again: ClassVar[bool] = False
    """Whether it repeats requests."""
    calls_together: ClassVar[bool] = False
    """Whether several calls of one request may be under way at once."""
    joins_keys: ClassVar[bool] = False
    """Whether one call behind it may stand for several keys."""
    may_repeat: ClassVar[bool] = False
    """Whether it makes sense twice in a path with nothing to wait for between."""
    needs_object: ClassVar[bool] = False
    """Whether it stands in an object, and nowhere else."""
    events: ClassVar[Sequence[LayerEvent]] = ()
    """What can happen there that only the counted operations of a run show."""
    says_found: ClassVar[str] = ""
    """Why a request finds a value there, e.g. "the value is in memory"."""
    says_stored: ClassVar[str] = ""
    """What it does with an answer, e.g. "it is kept in memory"."""
    says_error: ClassVar[str] = "got an error"
    """What becomes of a request to which it answers an error of its own, e.g. "timed
    out"; empty if it makes none but refusals of calls and puts, which are counted."""
    not_modelled: ClassVar[Sequence[str]] = ()
    """What of the real thing the model leaves out (docs/model.md)."""

    kind: str

    @property
    @override
    def found_at(self) -> Literal["one location", "several", "all"]:
        return "all" if self.scope is Scope.EVERYWHERE else "one location"

    @property
    def streams(self) -> bool:
        """Whether it gets and gives answers at their headers, not when complete."""
        return False

    @property
    def serves_incomplete(self) -> bool:
        """Whether others share an answer there before its body is complete."""
        return False

    @property
    def makes_errors(self) -> bool:
        """Whether it may answer an error of its own."""
        return bool(self.says_error)

    @property
    def resumptions(self) -> int:
        """How often whoever awaits the layer goes on, in an object's code."""
        return 0

    @property
    def served_by(self) -> str:
        """What tables call it."""
        return self.section or self.kind

    @property
    def noun(self) -> str:
        """What sentences call it."""
        return self.store or f"the {self.kind.replace('_', ' ')}"

    def noun_as(self, served_by: str) -> str:
        """Return what sentences call it where tables say so; empty if they never do."""
        return self.noun if served_by == self.served_by else ""

    @property
    def held_at_start(self) -> str:
        """Which keys it stores before the run, in words; empty if none."""
        return ""

    @property
    def keeps_for_ns(self) -> int | None:
        """How long it serves an answer that it stores; None if it does not say."""
        return getattr(self, "ttl_ns", None) if self.stores else None

    @property
    def shares(self) -> bool:
        """Whether misses of a key share one fetch there."""
        return self.makes_wait and not self.serializes

    @property
    def is_bypassed(self) -> bool:
        """Whether requests that no store and no flight may answer bypass it (POST).

        All that keeps answers, has misses share a fetch, or joins them to one call, and
        the object that would. It then is as if it were not there.
        """
        is_object = self.scope is Scope.OBJECT
        stores = self.looks_up or self.stores
        return stores or self.shares or self.joins_keys or is_object

    @property
    def serializes(self) -> bool:
        """Whether requests pass it one after the other."""
        return False

    @property
    def always_gives_up(self) -> bool:
        """Whether no request waits there for ever."""
        return self.gives_up

    @property
    def may_never_answer(self) -> bool:
        """Whether a request may wait there until a layer in front gives up."""
        return False

    @property
    def needs_simpy(self) -> str:
        """What of its parameters only the SimPy engine knows; empty if nothing."""
        return ""

    @property
    def shares_between_keys(self) -> str:
        """What the requests of different keys share there; empty if nothing."""
        return ""

    @property
    def plain_read(self) -> Distribution | None:
        """How long a read takes that serves a fresh entry of KV as it is.

        None if it does more, or reads elsewhere: each request then goes through it.
        """
        return None

    @property
    def keeps_copies(self) -> bool:
        """Whether a location goes on reading what it has read of KV."""
        return False

    @property
    def least_write_ns(self) -> int:
        """What a put takes at least until it is visible, as far as that is known."""
        return 0

    @property
    def most_calls(self) -> int:
        """How often one request asks what is behind the layer at most."""
        return 1

    @property
    def starts_every_ns(self) -> int | None:
        """How often something starts there by itself; None if nothing does."""
        return None

    @property
    def is_cacheable(self) -> bool:
        """Whether what it answers may be stored."""
        return True

    @property
    def rate_limits(self) -> Sequence[RateLimit]:
        """How many calls it takes, if it is the last layer."""
        return ()

    @property
    def never_refuses(self) -> bool:
        """Whether no call can get a 429 there, if it is the last layer."""
        return False

    @property
    def refuses_at_once(self) -> bool:
        """Whether it refuses at the instant of the call, if it is the last layer."""
        return False

    @property
    def says_waiting(self) -> str:
        """What the time is called that a request spends there, if no `Wait` says it."""
        if self.shares or self.joins_keys:
            return ANOTHERS_FETCH
        if self.makes_wait:
            return f"queue of {self.noun}"
        return "back-off" if self.asks_again else f"wait in {self.noun}"

    @property
    def says_wait(self) -> str:
        """What others do while one fetches: a sentence; ``{poll}`` is a duration."""
        return _WAIT.get(self.scope, _WAIT_ELSEWHERE) if self.shares else ""

    @property
    def platform_limit(self) -> PlatformLimit | None:
        """What the platform takes at most, if the layer's parameters do not say it."""
        return None

    def can_happen(self) -> Iterable[LayerEvent]:
        """Return what of its events its parameters allow."""
        return self.events

    def waits_before(self) -> Iterable[Wait]:
        """Return what a miss waits for before it asks the next layer."""
        return ()

    def waits_after(self) -> Iterable[Wait]:
        """Return what a miss waits for after the next layer has answered."""
        return ()

    def waits_until_visible(self) -> Iterable[Wait]:
        """Return what passes until an answer that it stores is found."""
        return ()

    def causes(self) -> Removals:
        """Return the causes of harm that it can be, each with what takes it out."""
        return {}

    def locations_named(self) -> Iterable[tuple[str, str]]:
        """Return the locations that it names, each with the key that names it."""
        return ()

    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        """Return the way of a request through this layer and all that follow."""
        raise NotImplementedError

    def keep(self, store: Purgeable, context: LayerContext) -> None:
        """Let changes reach a store of the layer."""
        named = NamedStore(self.served_by, self.is_purged, store)
        context.changeable.stores.append(named)

    def inside(self, context: LayerContext) -> Domains:
        """Return the instances in which the layers that follow run."""
        return context.domains
