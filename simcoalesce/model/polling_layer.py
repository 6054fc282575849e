"""Polling layers: who waits for another's fetch asks Redis again and again."""

from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import model_validator
from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.poller import Poller
from simcoalesce.model.redis import RedisClient
from simcoalesce.model.scope import Scope
from simcoalesce.run_bounds import check_looks
from simcoalesce.spec import default
from simcoalesce.units import OptionalDuration, PositiveDuration, format_duration


class PollingLayer(Layer):
    """A layer in which one fetches a key, and the others poll."""

    section: ClassVar[str] = "redis"
    scope: ClassVar[Scope] = Scope.EVERYWHERE
    store: ClassVar[str] = "Redis"
    not_modelled: ClassVar[Sequence[str]] = ("a Redis server that is busy or fails",)
    looks_up: ClassVar[bool] = True
    makes_wait: ClassVar[bool] = True
    says_found: ClassVar[str] = "Redis has the value"

    kind: str
    latency: Latency = default("0.5ms")
    """Time of a command, there and back."""
    poll_ns: PositiveDuration = default("25ms")
    """How long who waits sleeps before it asks again."""
    timer_lag: Latency = default("0ms")
    """How much later than meant a sleep ends; drawn for each."""
    wait_ns: OptionalDuration = default("5s")
    """How long it waits: no sleep begins after that."""

    @model_validator(mode="after")
    def _looks_within_reason(self) -> Self:
        check_looks(self.poll_ns, self.wait_ns)
        return self

    @property
    @override
    def served_by(self) -> str:
        return self.kind

    @property
    @override
    def patience_ns(self) -> int | None:
        return self.wait_ns

    @property
    @override
    def more_calls(self) -> str:
        poll = format_duration(self.poll_ns)
        return f"who waits for another's fetch asks Redis again only every {poll}"

    @property
    @override
    def fewer_calls(self) -> str:
        return self.more_calls

    def poller(self, context: LayerContext) -> Poller:
        """Return what asks and sleeps for the layer."""
        client = RedisClient(
            context.clock,
            context.sampler(self.latency, "latency"),
            context.recorder.counter("redis_commands"),
            context.tell,
        )
        lag = context.sampler(self.timer_lag, "timer_lag")
        return Poller(client, poll_ns=self.poll_ns, lag=lag, wait_ns=self.wait_ns)
