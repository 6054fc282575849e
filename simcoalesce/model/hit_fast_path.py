"""Fast path for hits: completes certain hits at their arrival, without a process.

A path that begins with a plain kv.read answers a request from what is visible when it
is issued. All that happened before has been done when it arrives, so a fresh entry is
its answer, and it touches nothing else. The hit of a read that looks at its end is
certain if no put can become visible meanwhile. Where these tests do not suffice, the
request goes through the layers: a weak test costs time, never correctness.
"""

from typing import Final

import numpy as np

from simcoalesce.model.answer import ROW_FIELDS, Answer
from simcoalesce.model.clock import NEVER_NS
from simcoalesce.model.recorder import Recorder
from simcoalesce.request import Request, Requests
from simcoalesce.sampler import Quantiles

_NOT_KNOWN: Final = -1
_FIELDS: Final = len(ROW_FIELDS)


class HitFastPath:
    """What each location will certainly read of each key, and until when."""

    def __init__(
        self,
        recorder: Recorder,
        *,
        keys: int,
        locations: int,
        reads: Quantiles,
        least_write_ns: int | None,
    ) -> None:
        """Know nothing yet.

        Args:
            recorder: Takes the rows of what is completed.
            keys: How many keys there are.
            locations: How many locations there are.
            reads: How long reads take.
            least_write_ns: For reads that look at their end, what every put takes at
                least; None for reads that look at their start.
        """
        self._recorder = recorder
        self._locations = locations
        self.reads = reads
        self._looks_late = least_write_ns is not None
        self.sees_puts_within_ns = (
            NEVER_NS if least_write_ns is None else least_write_ns
        )
        """A read that takes as long may see a put that is made after it began."""
        self._fresh_until_ns = np.full(keys * locations, _NOT_KNOWN, dtype=np.int64)
        self._answers = np.zeros((keys * locations, _FIELDS), dtype=np.int64)
        self._known: dict[int, tuple[int, Answer]] = {}

    def note(self, key: int, location: int, hit: Answer, expires_at_ns: int) -> None:
        """Learn what a location reads until it expires, or a put comes."""
        index = key * self._locations + location
        if index not in self._known:
            self._known[index] = (expires_at_ns, hit)
            self._fresh_until_ns[index] = expires_at_ns
            self._answers[index] = hit[:_FIELDS]

    def forget(self, key: int) -> None:
        """Know nothing of a key any more: it has been put."""
        if not self._known:
            return
        first = key * self._locations
        for index in range(first, first + self._locations):
            if self._known.pop(index, None) is not None:
                self._fresh_until_ns[index] = _NOT_KNOWN

    def completes(self, request: Request) -> bool:
        """Complete one request, if its answer is known; return whether it is."""
        known = self._known.get(request.key * self._locations + request.location)
        if known is None:
            return False
        takes_ns = self.reads.draw(request.id)
        looks_at_ns = request.arrived_at_ns + (takes_ns if self._looks_late else 0)
        if looks_at_ns >= known[0] or takes_ns >= self.sees_puts_within_ns:
            return False
        answered_at_ns = request.arrived_at_ns + takes_ns
        self._recorder.answered(request, answered_at_ns, known[1])
        self._recorder.usage.kv_reads += 1
        return True

    def complete(self, chunk: Requests, start: int, stop: int) -> int:
        """Complete requests from the first on, as far as their answers are known.

        Args:
            chunk: The traffic.
            start: The first to be completed.
            stop: The first that arrives after something else happens.

        Returns:
            How many were completed.
        """
        index = chunk.key[start:stop] * self._locations + chunk.location[start:stop]
        arrived_at_ns = chunk.arrived_at_ns[start:stop]
        ids = np.arange(chunk.first_id + start, chunk.first_id + stop)
        takes_ns = self.reads.draw_many(ids)
        answered_at_ns = arrived_at_ns + takes_ns
        looks_at_ns = answered_at_ns if self._looks_late else arrived_at_ns
        is_known = looks_at_ns < self._fresh_until_ns[index]
        is_known &= takes_ns < self.sees_puts_within_ns
        count = len(ids) if is_known.all() else int(np.argmin(is_known))
        answers = self._answers[index[:count]]
        self._recorder.completed(ids[:count], answered_at_ns[:count], answers)
        return count
