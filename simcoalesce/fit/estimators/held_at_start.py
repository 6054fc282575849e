"""What the cache held when the log began."""

from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import CompanionFile, FittedValue, FittedValues
from simcoalesce.fit.key_order import KeyOrder
from simcoalesce.fit.key_rules import FittedKeys
from simcoalesce.fit.lifetimes import Lifetimes
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S

_LONG_EXPIRED_S: Final = 2.0
"""How long what is found expired at first is said to have been so."""


class HeldAtStart(Estimator):
    """A log hardly ever begins with an empty cache.

    A key whose first request is a hit was stored before; one whose first request finds
    what has expired was stored, and had expired. How old an answer was follows from
    when it is renewed; without a renewal, from its last hit.
    """

    precedence: ClassVar[int] = 240
    tells: ClassVar[str] = "what the cache held at the start"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> FittedValue | None:
        keys: FittedKeys = so_far.result("key_rule")
        layer, found = so_far.result("cache"), so_far.result("ttl")
        if keys.events is None or layer is None or not isinstance(found, Lifetimes):
            return None
        held, age_s = _held(keys.events, found)
        if not len(held):
            return None
        names = [keys.names[code] for code in held.tolist()]
        # Ages are drawn for the last of the keys first.
        ages = "".join(f"{one:.3f}\n" for one in age_s[::-1].tolist())
        file = CompanionFile("ages.csv", f"age_s\n{ages}".encode())
        return FittedValue(
            self.kind,
            {f"{layer}.initial": {"keys": names, "age": {"replay": file}}},
            "keys whose first request found an answer, fresh or expired",
            len(names),
            text=f"{len(names):,} keys",
        )


def _held(
    events: CacheEvents, found: Lifetimes
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the keys that were held, as first mentioned, and ages in seconds."""
    ttl_s = found.best()[0] + 0.5 * (found.clock == "whole seconds")
    is_answered = events.storable & ~events.waits
    first = _first_of_each(events.key)
    asked = KeyOrder(events.key, np.flatnonzero(events.storable), events.start_ns)
    from_ns = np.full(len(events.key), int(events.start_ns.min()) - 1)
    earliest = asked.next(from_ns)[first]
    is_held = (earliest >= 0) & (is_answered & (events.hits | events.renews))[earliest]
    earliest = earliest[is_held]
    ends_s = _ends_s(events, ttl_s)[earliest]
    fresh_s = np.maximum(ttl_s - ends_s, 0.0)
    age_s = np.where(events.hits[earliest], fresh_s, ttl_s + _LONG_EXPIRED_S)
    return events.key[earliest], age_s


def _first_of_each(key: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first request of each key, in the order of the log."""
    known = np.flatnonzero(key >= 0)
    _, index = np.unique(key[known], return_index=True)
    return known[np.sort(index)]


def _ends_s(events: CacheEvents, ttl_s: float) -> NDArray[np.float64]:
    """Return when what was held of the key of each request was over, since the start.

    Between its last hit and its renewal; without a renewal, between the last hit and
    the longest that it may have been fresh.
    """
    from_ns = int(events.start_ns.min())
    since = np.full(len(events.key), from_ns - 1)
    over = events.storable & (events.renews | events.calls)
    renewed = KeyOrder(events.key, np.flatnonzero(over), events.start_ns).next(since)
    longest_ns = from_ns + round(ttl_s * NS_PER_S)
    over_ns = np.where(renewed >= 0, events.start_ns[renewed], longest_ns)
    hits = KeyOrder(events.key, np.flatnonzero(events.hits), events.start_ns)
    last = hits.latest(np.minimum(over_ns, longest_ns))
    last_ns = np.where(last >= 0, events.start_ns[last], from_ns)
    ends_ns = (last_ns + np.minimum(over_ns, longest_ns)) / 2 - from_ns
    ends: NDArray[np.float64] = ends_ns / NS_PER_S
    return ends
