"""load_shed: refuses the less important requests first."""

from collections import Counter
from collections.abc import Callable, Container, Sequence
from typing import Annotated, ClassVar, Final, Literal, NamedTuple, Self

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.fault import key_number
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.load_control import LoadControl, Refusals
from simcoalesce.request import Request
from simcoalesce.spec import Spec
from simcoalesce.units import Count, Ratio

_REFUSED: Final = LayerEvent(
    "load_shed",
    "load_shed",
    "request",
    "The load shedder refuses {number}.",
    is_error=True,
)
_NEVER_REFUSED: Final = 1 << 62


class PriorityClass(Spec):
    """Requests that are refused from the same load on: by key, tenant or share."""

    above: Count
    """How many requests may be under way behind the layer with one of these; beyond
    that it is refused."""
    keys: tuple[str, ...] = ()
    """Requests for these keys, by name."""
    tenants: tuple[str, ...] = ()
    """Requests for the keys of these tenants, which are named before the first / of a
    key."""
    share_ratio: Ratio | None = None
    """So many of the requests, each by its own draw, the same for all its attempts."""

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if bool(self.keys) + bool(self.tenants) + (self.share_ratio is not None) > 1:
            raise ValueError(
                "a class of requests is chosen by keys, by tenants or by share; write"
                " one of them, or none in the last class for all others"
            )
        return self

    @property
    def is_for_all(self) -> bool:
        """Whether it has all requests that are in no class before it."""
        return not self.keys and not self.tenants and self.share_ratio is None


class ChosenRequests(NamedTuple):
    """Which requests a class has, in one run.

    Attributes:
        above: How many requests may be under way with one.
        keys: Those for these keys, by number; None if for all.
        draws: Those whose draw is not below the first number, but below the second.
    """

    above: int
    keys: Container[int] | None = None
    draws: tuple[float, float] = (0.0, 1.0)

    def has(self, request: Request, uniform: float) -> bool:
        """Say whether it has a request, given its draw."""
        is_drawn = self.draws[0] <= uniform < self.draws[1]
        return is_drawn and (self.keys is None or request.key in self.keys)


class LoadShed(LoadControl):
    """Under load, requests of the lower classes are refused (503) before the others.

    A request is of the first class that it fits; one that fits none is never refused.
    It is under way until the body of its answer is complete.

    Source: B. Beyer et al., Site Reliability Engineering, 2016, chapter 21
    ("Criticality"): less critical requests are refused from a lower load on.
    """

    events: ClassVar[Sequence[LayerEvent]] = (_REFUSED,)

    kind: Literal["load_shed"] = "load_shed"
    classes: Annotated[tuple[PriorityClass, ...], Field(min_length=1)]
    """From which load on each class is refused, e.g. [{tenants: [vip], above: 200},
    {share: 30%, above: 50}, {above: 100}]: the last is for all others."""

    @model_validator(mode="after")
    def _each_can_be_reached(self) -> Self:
        if any(one.is_for_all for one in self.classes[:-1]):
            raise ValueError(
                "a class without keys, tenants or share is for all others; write it"
                " last"
            )
        if sum(one.share_ratio or 0.0 for one in self.classes) > 1 + 1e-9:
            raise ValueError("the shares of the classes are more than 100 % together")
        return self

    @property
    @override
    def noun(self) -> str:
        return "the load shedder"

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        instance_of, limit_of = self.instance_of(context), self._limit_of(context)
        refusals = Refusals(self, context, "load_shed")
        under_way: Counter[int] = Counter()

        def admitted(request: Request) -> Steps:
            instance = instance_of(request)
            if under_way[instance] >= limit_of(request):
                return refusals.answer(503)
            under_way[instance] += 1
            try:
                return (yield from fetch(request))
            finally:
                under_way[instance] -= 1

        return admitted

    def _limit_of(self, context: LayerContext) -> Callable[[Request], int]:
        """Return what says how many requests may be under way with one."""
        choices = [self.choice(index, context) for index in range(len(self.classes))]
        draws = context.stream("share")

        def limit_of(request: Request) -> int:
            uniform = draws.uniform(request.id)
            fits = (one.above for one in choices if one.has(request, uniform))
            return next(fits, _NEVER_REFUSED)

        return limit_of

    def choice(self, index: int, context: LayerContext) -> "ChosenRequests":
        """Return which requests a class has, by its number.

        Raises:
            ValueError: If the traffic has no key or tenant of a name.
        """
        one, keys = self.classes[index], context.keys
        field = f"load_shed.classes[{index}]"
        if one.share_ratio is not None:
            start = sum(other.share_ratio or 0.0 for other in self.classes[:index])
            return ChosenRequests(one.above, draws=(start, start + one.share_ratio))
        if one.is_for_all:
            return ChosenRequests(one.above)
        chosen = {key_number(keys, name, f"{field}.keys") for name in one.keys}
        owners = [key.partition("/")[0] for key in keys]
        for name in one.tenants:
            if name not in owners:
                known = ", ".join([*dict.fromkeys(owners)][:10])
                message = f'no tenant is named "{name}"; the traffic has: {known}'
                raise ValueError(f"{field}.tenants: {message}")
        chosen |= {n for n, owner in enumerate(owners) if owner in one.tenants}
        return ChosenRequests(one.above, frozenset(chosen))
