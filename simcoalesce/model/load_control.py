"""Load control: layers that refuse requests, so that what is behind them lasts."""

from collections.abc import Callable
from typing import ClassVar, Literal, TypeAlias

from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.scope import Scope
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request

KeptIn: TypeAlias = Literal["isolate", "location", "global"]
"""Where a layer keeps its state: in each isolate, each location, or once."""


class LoadControl(Layer):
    """A layer that refuses some requests, and keeps state to decide which."""

    scope: ClassVar[Scope] = Scope.ANYWHERE
    may_repeat: ClassVar[bool] = True
    says_error: ClassVar[str] = "were refused"

    kind: str
    kept_in: KeptIn = "isolate"
    """Where its state is kept: in each isolate (or object), in each location, or once
    for all (global)."""

    @override
    def causes(self) -> Removals:
        return {"load_control": None}

    @property
    @override
    def fewer_calls(self) -> str:
        return f"{self.noun} refuses requests, or holds them back"

    @property
    @override
    def shares_between_keys(self) -> str:
        return f"the state of {self.noun}"

    def instance_of(self, context: LayerContext) -> Callable[[Request], int]:
        """Return what says in which instance the state for a request is kept."""
        if self.kept_in == "global":
            return lambda _: 0
        domains = context.domains
        is_isolate = self.kept_in == "isolate"
        return domains.domain_of if is_isolate else domains.location_of


class Refusals:
    """The refusals of a layer in one run.

    A request that is refused in front of the worker does not reach it, and is not
    billed as one of the worker's requests.
    """

    def __init__(self, layer: Layer, context: LayerContext, unit: str) -> None:
        """Count none so far.

        Args:
            layer: Who refuses.
            context: Where it stands.
            unit: The counted operation.
        """
        self._clock = context.clock
        self._usage = context.recorder.usage
        self._code = context.recorder.code_of(layer.served_by)
        self._count = context.recorder.counter(unit)
        self._is_client = context.is_client

    def answer(self, status: int, retry_after_ns: int = 0) -> Answer:
        """Refuse a request, now."""
        self._count()
        self.withdraw()
        return Answer(
            status,
            Lookup.MISS,
            Role.NONE,
            self._code,
            self._clock.now_ns,
            retry_after_ns=retry_after_ns,
        )

    def withdraw(self) -> None:
        """Note that a request goes no further, e.g. since its client has left."""
        self._usage.worker_requests -= self._is_client
