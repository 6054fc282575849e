"""Several calls of one request that are under way at once, and their answers."""

from collections import deque
from functools import partial

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import ANSWER, EXPIRE, Clock, Fetch, Process, Signal
from simcoalesce.request import Request


class ParallelCalls:
    """The calls that a layer makes for a request; each has draws of its own."""

    __slots__ = (
        *("_arrived", "_attempts", "_clock", "_fetch", "_is_due", "_most", "_news"),
        *("_request", "_under_way", "count"),
    )

    def __init__(self, clock: Clock, fetch: Fetch, request: Request, most: int) -> None:
        """Begin without a call.

        Args:
            clock: The clock.
            fetch: The layers that are asked.
            request: Whose calls they are.
            most: How many calls any request of the layer makes at most.
        """
        self._clock = clock
        self._fetch = fetch
        self._request = request
        self._most = most
        self._under_way: dict[int, Process | None] = {}
        self._arrived: deque[Answer] = deque()
        self._news = Signal(clock)
        self._is_due = False
        self._attempts = 0
        self.count = 0
        """How many were made."""

    @property
    def attempts(self) -> int:
        """Attempts of the calls that were answered, and one for each other call."""
        return self._attempts + len(self._under_way)

    @property
    def is_over(self) -> bool:
        """Whether no other answer can come."""
        return not self._under_way and not self._arrived

    @property
    def has_news(self) -> bool:
        """Whether there is an answer to take, or a further call is due."""
        return self._is_due or bool(self._arrived)

    def call(self) -> None:
        """Begin a call."""
        number = self.count
        self.count += 1
        # Under a layer that asks again, its n-th attempt numbers ours from n * most on.
        attempt = self._request.attempt * self._most + number
        request = self._request.again(attempt) if attempt else self._request
        self._under_way[number] = None
        process = self._clock.start(self._fetch(request), partial(self._came, number))
        if number in self._under_way:
            self._under_way[number] = process

    def call_is_due_after(self, wait_ns: int) -> None:
        """Have a further call due when a time has passed without one."""
        count = self.count

        def pass_by(_: object) -> None:
            if count == self.count and self._under_way:
                self._is_due = True
                self._news.send(None, EXPIRE, self._request)

        due = self._clock.after(wait_ns, EXPIRE, self._request)
        due.callbacks.append(pass_by)

    def news(self) -> Signal:
        """Return what to wait for while there are no news."""
        self._news = Signal(self._clock)
        return self._news

    def take(self) -> Answer | None:
        """Return the next answer; None if a further call is due."""
        if self._arrived:
            return self._arrived.popleft()
        self._is_due = False
        return None

    def stop(self) -> None:
        """End all that are under way."""
        for process in self._under_way.values():
            if process is not None:
                process.stop()
        self._under_way.clear()

    def _came(self, number: int, answer: Answer) -> None:
        del self._under_way[number]
        self._attempts += answer.attempts
        self._arrived.append(answer)
        self._news.send(None, ANSWER, self._request)
