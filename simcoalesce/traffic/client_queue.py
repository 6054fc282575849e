"""Client queue: what clients send next, known as far as their answers are."""

from collections import deque
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import count
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.request import NO_PAGE, ClosedLoop, Request, Requests
from simcoalesce.traffic.arrival import Client
from simcoalesce.traffic.client_draws import ClientDraws, Drawn
from simcoalesce.traffic.unit_process import Instants

_MOST_AT_ONCE: Final = 10_000
"""A client that sends so many requests at one instant does not stop."""


class _Sender:
    """A client, and what is known of it."""

    __slots__ = (
        *("at_once", "client", "drawn", "draws", "number"),
        *("page_begins", "sent", "sent_at_ns", "unanswered"),
    )

    def __init__(self, number: int, client: Client, draws: ClientDraws) -> None:
        self.number = number
        self.client = client
        self.draws = draws
        self.sent = 0
        self.sent_at_ns = -1
        self.unanswered = 0
        self.page_begins = NO_PAGE
        self.at_once = 0
        self.drawn: Drawn = []

    def next_at_ns(self, answered_at_ns: int | None) -> int | None:
        """Return when it sends its next request; None if it has sent its last."""
        if answered_at_ns is not None and self.is_within_page:
            return answered_at_ns
        start_ns = self.draws.at_ns
        try:
            if answered_at_ns is None:
                return start_ns + next(self.client)
            return start_ns + self.client.send(answered_at_ns - start_ns)
        except StopIteration:
            return None

    def request(self, number: int, at_ns: int) -> Request:
        """Return its next request, under its number among all."""
        if not self.drawn:
            self.drawn = self.draws.drawn(self.number, self.sent)
        key, location, isolate, storable = self.drawn.pop()
        if not self.is_within_page:
            self.page_begins = number
        self.sent += 1
        self.unanswered += 1
        self._stop_if_endless(at_ns)
        return Request(number, key, location, isolate, at_ns, storable=storable)

    @property
    def is_within_page(self) -> bool:
        """Whether the next request belongs to the page of the last one."""
        size = self.draws.page_size
        return bool(size and self.sent % size)

    @property
    def page(self) -> tuple[int, int]:
        """The page of the last request, as in `Requests`."""
        size = self.draws.page_size
        return (self.page_begins, size) if size else (NO_PAGE, NO_PAGE)

    def _stop_if_endless(self, at_ns: int) -> None:
        self.at_once = self.at_once + 1 if at_ns == self.sent_at_ns else 0
        self.sent_at_ns = at_ns
        if self.at_once == _MOST_AT_ONCE:
            raise ValueError(
                f"a user sends {_MOST_AT_ONCE:,} requests at one instant and would not"
                " stop: neither answers nor thinking take time; write e.g. think: 1ms"
            )


class _OpenRequest(NamedTuple):
    """A request of the open loop, and its page under the numbers of that."""

    request: Request
    page: tuple[int, int]


class ClientQueue(ClosedLoop):
    """The requests of an open loop, and those of clients who wait for answers.

    At the same instant requests of the open loop come first, then clients in the order
    of their phases and numbers. What is kept grows with the clients that have begun
    and not ended.
    """

    def __init__(
        self,
        open_loop: Iterable[Requests],
        phases: Iterable[tuple[Iterable[Client], ClientDraws]],
        *,
        has_pages: bool = False,
    ) -> None:
        """Begin.

        Args:
            open_loop: The requests that depend on no answer.
            phases: The clients of each phase in the order in which they begin, and
                the draws of what they ask for.
            has_pages: Whether anybody asks for pages.
        """
        self._open = _unpacked(open_loop)
        self._next_open = next(self._open, None)
        self._due: list[tuple[int, int, int, _Sender]] = []
        self._to_come = [_senders(clients, draws) for clients, draws in phases]
        for phase in range(len(self._to_come)):
            self._begin_next(phase)
        self._waiting: dict[int, tuple[int, _Sender]] = {}
        self._left: int | None = None
        self._pages: list[tuple[int, int]] | None = [] if has_pages else None

    def at_most(self, requests: int) -> "ClientQueue":
        """Return it, so that no more than so many requests come in all."""
        self._left = requests
        return self

    @override
    def next_at_ns(self) -> int | None:
        if self._left == 0:
            return None
        known = [self._due[0][0]] if self._due else []
        if self._next_open is not None:
            known.append(self._next_open.request.arrived_at_ns)
        return min(known, default=None)

    @override
    def send(self, number: int) -> Request:
        if self._left is not None:
            self._left -= 1
        following = self._next_open
        if following is not None and not self._is_due_before(
            following.request.arrived_at_ns
        ):
            self._next_open = next(self._open, None)
            return self._open_request(following, number)
        at_ns, phase, _, sender = heappop(self._due)
        self._waiting[number] = phase, sender
        if not sender.sent:
            self._begin_next(phase)
        request = sender.request(number, at_ns)
        if sender.draws.is_parallel and sender.is_within_page:
            heappush(self._due, (at_ns, phase, sender.number, sender))
        if self._pages is not None:
            self._pages.append(sender.page)
        return request

    @override
    def pages(self) -> NDArray[np.int64] | None:
        if self._pages is None:
            return None
        pages = np.array(self._pages, dtype=np.int64).reshape(-1, 2)
        self._pages = []
        return pages

    @override
    def answered(self, request: int, at_ns: int) -> None:
        if request not in self._waiting:
            return
        phase, sender = self._waiting.pop(request)
        sender.unanswered -= 1
        if sender.draws.is_parallel and (sender.unanswered or sender.is_within_page):
            return
        self._go_on(phase, sender, at_ns)

    def _is_due_before(self, at_ns: int) -> bool:
        return bool(self._due) and self._due[0][0] < at_ns

    def _open_request(self, following: _OpenRequest, number: int) -> Request:
        """Return a request of the open loop under its number among all."""
        request, (begins, size) = following
        if self._pages is not None:
            # Its page has no gap: at an instant the open loop comes first.
            begins += number - request.id if size > 0 else 0
            self._pages.append((begins, size))
        request.id = number
        return request

    def _begin_next(self, phase: int) -> None:
        """Know when the next client of a phase begins, unless all have begun."""
        sender = next(self._to_come[phase], None)
        if sender is not None:
            self._go_on(phase, sender, None)

    def _go_on(self, phase: int, sender: _Sender, answered_at_ns: int | None) -> None:
        at_ns = sender.next_at_ns(answered_at_ns)
        if at_ns is not None:
            heappush(self._due, (at_ns, phase, sender.number, sender))


def one_visit_each(visits: Instants) -> Iterator[Client]:
    """Yield a client for each visit, who sends what follows when it has answers."""
    for block in visits:
        yield from map(_visit, block.tolist())


def _visit(at_ns: int) -> Client:
    yield at_ns


def _senders(clients: Iterable[Client], draws: ClientDraws) -> Iterator[_Sender]:
    for number, client in enumerate(clients):
        yield _Sender(number, client, draws)


def _unpacked(chunks: Iterable[Requests]) -> Iterator[_OpenRequest]:
    for chunk in chunks:
        for index in range(len(chunk)):
            page = NO_PAGE, NO_PAGE
            if chunk.page is not None:
                page = int(chunk.page[index, 0]), int(chunk.page[index, 1])
            yield _OpenRequest(chunk.request(index), page)


def sent_if_answered_after(queue: ClosedLoop, latency_ns: int) -> Iterator[Request]:
    """Yield the requests that come if every answer takes the same time.

    Args:
        queue: The clients, of whom nobody has sent anything yet.
        latency_ns: What each answer takes, in nanoseconds.
    """
    under_way: deque[tuple[int, int]] = deque()
    for number in count():
        at_ns = queue.next_at_ns()
        while under_way and (at_ns is None or under_way[0][0] <= at_ns):
            answered_at_ns, answered = under_way.popleft()
            queue.answered(answered, answered_at_ns)
            at_ns = queue.next_at_ns()
        if at_ns is None:
            return
        under_way.append((at_ns + latency_ns, number))
        yield queue.send(number)
