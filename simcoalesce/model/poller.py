"""Poller: the commands and the sleeps of those who wait for Redis to have a value."""

from simcoalesce.model.clock import NEVER_NS, START, PriorityTimeout
from simcoalesce.model.redis import RedisClient, draw_number
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler


class Poller:
    """Sleeps between commands, until a time is over."""

    def __init__(
        self, client: RedisClient, *, poll_ns: int, lag: Sampler, wait_ns: int | None
    ) -> None:
        """Make the poller of a layer.

        Args:
            client: How it asks.
            poll_ns: How long a sleep is meant to be.
            lag: Draws of how much later it ends.
            wait_ns: For how long sleeps begin; None without limit.
        """
        self.client = client
        self.clock = client.clock
        self._poll_ns = poll_ns
        self._lag = lag
        self._wait_ns = wait_ns

    def sleep(self, request: Request, number: int) -> PriorityTimeout:
        """Return the end of a sleep, by its number among what the request does."""
        late_ns = self._lag.draw(request.id, draw_number(request, number))
        return self.clock.after(self._poll_ns + late_ns, START, request)

    def gives_up_at_ns(self) -> int:
        """Return until when who begins to wait now begins sleeps."""
        return NEVER_NS if self._wait_ns is None else self.clock.now_ns + self._wait_ns
