"""Origin server: a queue with `count` servers behind rate limits, and its faults.

Calls are served first come, first served, and a call's service time is its own, so
the moment of its answer is known when it is made: nothing here waits. Simplification:
a call that its caller gave up is still served to its end.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush, heapreplace
from typing import NamedTuple

from simcoalesce.model.answer import NOT_SAID
from simcoalesce.model.fault import Fault
from simcoalesce.model.note import UNKEPT, Note
from simcoalesce.model.rate_limit import RunningLimit
from simcoalesce.model.retry_after import said_ns
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler


class Reply(NamedTuple):
    """What the origin will say to a call, and when."""

    status: int
    completed_at_ns: int
    retry_after_ns: int = 0
    body_ns: int = 0
    """How long before it is complete its headers come."""
    max_age_ns: int = NOT_SAID
    """How long it says that it may be stored."""
    cacheable: bool = True
    """Whether its faults let it be stored."""
    queued_ns: int = 0
    """How long it waits for a server, or in vain."""


class Servers:
    """Servers with one queue in order of arrival (first come, first served).

    Who would wait longer than the queue's timeout leaves at its end, and takes no
    server: that is known when it comes, since nobody passes another in the queue.
    """

    def __init__(
        self,
        count: int,
        queue_limit: int | None,
        queue_timeout_ns: int | None = None,
        *,
        waits: Note = UNKEPT,
    ) -> None:
        """Have so many servers, all idle.

        Args:
            count: How many.
            queue_limit: How many calls may wait; None if all.
            queue_timeout_ns: How long a call may wait; None if for ever.
            waits: How a run notes calls that wait.
        """
        self._count = count
        self._free_at_ns: list[int] = []
        self._queue_limit = queue_limit
        self._queue_timeout_ns = queue_timeout_ns
        self._leaves_queue_at_ns: deque[int] = deque()
        self._waits = waits
        self._is_counted = queue_limit is not None or waits is not UNKEPT

    def is_full(self, at_ns: int) -> bool:
        """Whether a call would find no server and a full queue."""
        if self._queue_limit is None:
            return False
        return self._is_busy(at_ns) and self._waiting(at_ns) >= self._queue_limit

    def times_out_at_ns(self, at_ns: int) -> int | None:
        """Return when a call leaves the queue; None if a server takes it in time."""
        if self._queue_timeout_ns is None or not self._is_busy(at_ns):
            return None
        until_ns = at_ns + self._queue_timeout_ns
        if self._free_at_ns[0] <= until_ns:
            return None
        self._wait(at_ns, until_ns)
        return until_ns

    def serve(self, at_ns: int, service_ns: int) -> int:
        """Take a call; return when it is done, in nanoseconds."""
        if not self._is_busy(at_ns):
            heappush(self._free_at_ns, at_ns + service_ns)
            return at_ns + service_ns
        starts_at_ns = self._free_at_ns[0]
        self._wait(at_ns, starts_at_ns)
        heapreplace(self._free_at_ns, starts_at_ns + service_ns)
        return starts_at_ns + service_ns

    def _wait(self, at_ns: int, until_ns: int) -> None:
        if self._is_counted:
            self._leaves_queue_at_ns.append(until_ns)
        if self._waits is not UNKEPT:
            self._waits.happened(self._waiting(at_ns))
            self._waits.took(until_ns - at_ns)

    def _waiting(self, at_ns: int) -> int:
        """Return how many calls wait, as far as they are counted."""
        waiting = self._leaves_queue_at_ns
        while waiting and waiting[0] <= at_ns:
            waiting.popleft()
        return len(waiting)

    def _is_busy(self, at_ns: int) -> bool:
        """Whether all servers are busy; those that are idle leave the heap."""
        free_at_ns = self._free_at_ns
        while free_at_ns and free_at_ns[0] <= at_ns:
            heappop(free_at_ns)
        return len(free_at_ns) == self._count


class Service(NamedTuple):
    """What faults make of the service of a call."""

    status: int
    service_ns: int
    body_ns: int
    cacheable: bool = True


class RunningFault:
    """A fault in one run: its draws, whom it concerns, and the calls it counted."""

    def __init__(
        self,
        fault: Fault,
        index: int,
        seed: int,
        keys: Sequence[str],
        struck: Note = UNKEPT,
    ) -> None:
        """Take the keys of the traffic, by number; `struck` notes what it strikes.

        Raises:
            ValueError: If the fault names a key that the traffic has not.
        """
        concerned = fault.concerned(keys, seed, index)
        self.fault = fault
        self.struck = struck
        self.takes = fault.takes and fault.takes.sampler(
            seed, f"origin.faults[{index}].takes"
        )
        self._stream = fault.stream(seed, index)
        self._concerned = None if concerned is None else concerned.tolist()
        self._calls: Counter[int] = Counter()

    def strikes(self, request: Request, at_ns: int) -> bool:
        """Count an admitted call that concerns it; say whether it strikes."""
        if self._concerned is not None and not self._concerned[request.key]:
            return False
        counted_by = request.key if self.fault.counts_each_key else 0
        call = self._calls[counted_by]
        self._calls[counted_by] = call + 1
        uniform = self._stream.uniform(request.id, request.attempt)
        return self.fault.strikes(call, at_ns, uniform)


class FaultInjector:
    """The faults of an origin in one run, each with a random stream."""

    def __init__(
        self,
        faults: Sequence[Fault],
        seed: int,
        keys: Sequence[str],
        note: Callable[[int], Note] = lambda _: UNKEPT,
    ) -> None:
        """Make the faults; `note` returns what notes the calls that one strikes."""
        self._faults = [
            RunningFault(fault, index, seed, keys, note(index))
            for index, fault in enumerate(faults)
        ]

    def apply(
        self, request: Request, at_ns: int, service_ns: int, body_ns: int
    ) -> Service:
        """Return what becomes of an admitted call: errors have no body to wait for."""
        status, cacheable = 200, True
        for running in self._faults:
            if not running.strikes(request, at_ns):
                continue
            fault = running.fault
            running.struck.happened()
            if running.takes:
                service_ns = running.takes.draw(request.id, request.attempt)
            service_ns = round(service_ns * fault.slower)
            body_ns = round(body_ns * fault.slower)
            status = fault.status if status == 200 else status
            cacheable = cacheable and fault.cacheable
        return Service(status, service_ns, body_ns if status < 400 else 0, cacheable)


class OriginServer:
    """The state of an origin in one run."""

    def __init__(  # noqa: PLR0913 - one argument for each rule
        self,
        *,
        latency: Sampler,
        rejects_in: Sampler,
        latency_of: Mapping[int, Sampler] | None = None,
        body: Sampler | None = None,
        max_age: Sequence[Sampler] = (),
        limits: Sequence[RunningLimit] = (),
        servers: Servers | None = None,
        faults: FaultInjector | None = None,
        retry_after_ns: int | None = None,
    ) -> None:
        """Put an origin together.

        Args:
            latency: Service time of an admitted call, up to its headers.
            rejects_in: Time to say 429 or 503.
            latency_of: Service time of keys that have their own.
            body: Further service time, if bodies take any.
            max_age: How long its first, second ... answer says that it may be stored;
                the last for all others. None says nothing.
            limits: All of them must admit a call.
            servers: None serves every call at once.
            faults: Its faults, if it has any.
            retry_after_ns: What a 429 says of when to come back: None says nothing,
                -1 the time until the limits admit a call, in whole seconds.
        """
        self._latency = latency
        self._rejects_in = rejects_in
        self._latency_of = latency_of or {}
        self._body = body
        self._max_age = max_age
        self._limits = limits
        self._servers = servers
        self._faults = faults
        self._retry_after_ns = retry_after_ns
        self._admitted = 0

    def receive(self, request: Request, at_ns: int) -> Reply:
        """Take a call, or refuse it."""
        limiters = [limit.of(request.key) for limit in self._limits]
        wait_ns = max((one.wait_ns(at_ns) for one in limiters), default=0)
        if wait_ns:
            return self._refuse(request, at_ns, 429, wait_ns)
        if self._servers is not None and self._servers.is_full(at_ns):
            return self._refuse(request, at_ns, 503, 0)
        reply = self._timed_out(at_ns) or self._serve(request, at_ns)
        for limiter in limiters:
            limiter.take(at_ns, reply.completed_at_ns)
        return reply

    def _timed_out(self, at_ns: int) -> Reply | None:
        """Return the answer to a call that waits too long; None if it is served."""
        servers = self._servers
        left_at_ns = None if servers is None else servers.times_out_at_ns(at_ns)
        if left_at_ns is None:
            return None
        return Reply(503, left_at_ns, queued_ns=left_at_ns - at_ns)

    def _serve(self, request: Request, at_ns: int) -> Reply:
        latency = self._latency_of.get(request.key, self._latency)
        service_ns = latency.draw(request.id, request.attempt)
        body_ns = self._body.draw(request.id, request.attempt) if self._body else 0
        status, cacheable = 200, True
        if self._faults is not None:
            status, service_ns, body_ns, cacheable = self._faults.apply(
                request, at_ns, service_ns, body_ns
            )
        max_age_ns = self._max_age_ns(request) if status < 400 else NOT_SAID
        self._admitted += 1
        takes_ns = service_ns + body_ns
        completed_at_ns = at_ns + takes_ns
        if self._servers is not None:
            completed_at_ns = self._servers.serve(at_ns, takes_ns)
        queued_ns = completed_at_ns - takes_ns - at_ns
        return Reply(
            status, completed_at_ns, 0, body_ns, max_age_ns, cacheable, queued_ns
        )

    def _max_age_ns(self, request: Request) -> int:
        if not self._max_age:
            return NOT_SAID
        number = min(self._admitted, len(self._max_age) - 1)
        return self._max_age[number].draw(request.id, request.attempt)

    def _refuse(self, request: Request, at_ns: int, status: int, wait_ns: int) -> Reply:
        answered_at_ns = at_ns + self._rejects_in.draw(request.id, request.attempt)
        rule_ns = self._retry_after_ns if status == 429 else None
        return Reply(status, answered_at_ns, said_ns(rule_ns, wait_ns))
