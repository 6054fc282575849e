"""What became of requests at a cache: which called the origin, when, with what end."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.key_order import KeyOrder

Bools = NDArray[np.bool_]
Instants = NDArray[np.int64]


@dataclass(frozen=True)
class CacheEvents:
    """What became of each request at a cache, shape (requests,) each.

    Attributes:
        key: Code of its key.
        start_ns: When it came.
        end_ns: When it was answered; of a refresh in the background, when that ended.
        storable: Whether a store may answer it.
        calls: Whether the origin was called for it, in the background too.
        call_at_ns: When; its start if it did not call.
        call_status: What the origin said: 200 if the log does not say and nothing
            speaks against it; 0 without a call, or if the log leaves open how a
            refresh in the background ended.
        hits: Whether a fresh answer was in the store, or came while it waited.
        renews: Whether what it found had expired.
        is_stale: Whether it got what had expired, and did not wait for the origin.
        in_background: Whether its call was a refresh in the background.
        is_rescued: Whether its call failed, and it got what had expired instead.
        waited_ns: How long it waited before its call, or for its hit.
        slack_ns: How wrong an instant of the log may be.
        says_status: Whether the log says what the cache had.
    """

    key: NDArray[np.int64]
    start_ns: Instants
    end_ns: Instants
    storable: Bools
    calls: Bools
    call_at_ns: Instants
    call_status: NDArray[np.int64]
    hits: Bools
    renews: Bools
    is_stale: Bools
    in_background: Bools
    is_rescued: Bools
    waited_ns: Instants
    slack_ns: int
    says_status: bool

    @property
    def succeeds(self) -> Bools:
        """Whether a call brought an answer that can be stored."""
        good: Bools = (self.call_status > 0) & (self.call_status < 400)
        return good

    @property
    def refused(self) -> Bools:
        """Whether the origin refused a call."""
        return np.asarray(self.call_status == 429)

    @property
    def fails(self) -> Bools:
        """Whether a call failed."""
        return np.asarray(self.call_status >= 500)

    @property
    def may_store(self) -> Bools:
        """Whether an answer may have been stored."""
        return self.succeeds & self.storable

    @cached_property
    def is_late(self) -> Bools:
        """Whether a call came after a wait, while another was still under way.

        Of a wait in vain nginx does not store what comes; of an aged lock it does.
        """
        late = self.calls & self.waits
        if late.any():
            late &= self.in_flight(self.call_at_ns)
        return late

    @property
    def waits(self) -> Bools:
        """Whether a request waited for the fetch of another."""
        return self.storable & (self.waited_ns > 10 * self.slack_ns)

    def in_flight(self, at_ns: Instants) -> Bools:
        """Return whether a call for the key of each request was under way at instants.

        A call of its own counts if it began before.
        """
        calls = np.flatnonzero(self.calls & self.storable)
        begun = KeyOrder(self.key, calls, self.call_at_ns)
        return begun.latest_end(self.end_ns, at_ns - self.slack_ns) > (
            at_ns + self.slack_ns
        )

    def stored_by(self, at_ns: Instants, *, late: bool = False) -> NDArray[np.int64]:
        """Return whose answer was the last that was stored at instants; -1: nobody's.

        Of several answers to a key the last that comes is kept.

        Args:
            at_ns: One instant for each request.
            late: Whether answers that came after a wait in vain are stored.
        """
        stores = self.may_store if late else self.may_store & ~self.is_late
        return KeyOrder(self.key, np.flatnonzero(stores), self.end_ns).latest(at_ns)
