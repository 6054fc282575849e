"""Users: each sends, waits for the answer, thinks, and sends again (closed loop)."""

from collections.abc import Iterable
from itertools import count
from typing import ClassVar, Final, Literal, Self

from pydantic import Field, field_validator, model_validator
from typing_extensions import override

from simcoalesce.distribution import Latency, ReplayedLatency
from simcoalesce.sampler import Sampler
from simcoalesce.traffic.arrival import Arrival, Client, PhaseStreams
from simcoalesce.traffic.client_draws import draw_id
from simcoalesce.units import Duration, PositiveCount, PositiveDuration

_MOST_USERS: Final = 1_000_000
_QUICK_NS: Final = 1_000_000
"""What an answer takes at least, when requests are counted beforehand."""


class Users(Arrival):
    """A fixed number of users, each with one request at a time (closed loop).

    A user sends, waits for the answer, also for an error, thinks, and sends again.
    When answers are slow, fewer requests come: a closed loop hides part of the load
    that it is slow under (coordinated omission).

    Source:
        k6, "Constant VUs" and "Ramping VUs" (grafana.com/docs/k6, 2026-11-30), with
        ``sleep`` at the end of the function. Schroeder, Wierman and Harchol-Balter,
        "Open versus closed: a cautionary tale", NSDI 2006.
    """

    is_closed: ClassVar[bool] = True

    kind: Literal["users"] = "users"
    users: PositiveCount
    """How many there are."""
    think: Latency
    """From an answer to the user's next request; drawn for each request."""
    ramp_ns: Duration = Field("0ms", validate_default=True)
    """How long it takes until all have begun: of n, the i-th begins at i * ramp / n."""
    iterations: PositiveCount | None = None
    """How many requests each user sends at most; by default there is no limit."""
    for_ns: PositiveDuration | None = None
    """How long they send; by default to the end of the scenario."""
    routing: Literal["by_user"] | None = None
    """``by_user``: user i always meets isolate i modulo `isolates` of its location; by
    default as for all the traffic."""

    @field_validator("users")
    @classmethod
    def _within_memory(cls, users: int) -> int:
        if users > _MOST_USERS:
            raise ValueError(f"at most {_MOST_USERS:,} users")
        return users

    @model_validator(mode="after")
    def _thinks_by_itself(self) -> "Users":
        is_in_order_of_answers = isinstance(self.think, ReplayedLatency)
        if is_in_order_of_answers:
            raise ValueError(
                "think: replay would give the durations to whoever is answered first;"
                " write {empirical: file}"
            )
        return self

    @property
    @override
    def is_by_client(self) -> bool:
        return self.routing == "by_user"

    @override
    def denser(self, factor: float) -> Self:
        return self.model_copy(update={"users": max(round(self.users * factor), 1)})

    @override
    def expected_requests(self, until_ns: int) -> float:
        lasts_ns = max(self._ends_ns(until_ns) - self.ramp_ns / 2, 0)
        each = 1 + lasts_ns / max(self.think.expected_ns, _QUICK_NS)
        return self.users * min(each, self.iterations or each)

    @override
    def clients(self, streams: PhaseStreams, until_ns: int) -> Iterable[Client]:
        think = self.think.sampler(streams.seed, streams.name("think"))
        ends_ns = self._ends_ns(until_ns)
        return (self._client(user, think, ends_ns) for user in range(self.users))

    def _ends_ns(self, until_ns: int) -> int:
        return min(self.for_ns or until_ns, until_ns)

    def _client(self, user: int, think: Sampler, until_ns: int) -> Client:
        at_ns = self.ramp_ns * user // self.users
        rounds = count() if self.iterations is None else range(self.iterations)
        for number in rounds:
            if at_ns >= until_ns:
                return
            answered_at_ns = yield at_ns
            at_ns = answered_at_ns + think.draw(draw_id(0, user, number))
