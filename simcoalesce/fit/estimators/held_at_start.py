"""What the cache held when the log began."""

from typing import ClassVar

import numpy as np
from typing_extensions import override

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import CompanionFile, FittedValue, FittedValues
from simcoalesce.fit.key_order import KeyOrder
from simcoalesce.fit.key_rules import FittedKeys
from simcoalesce.fit.lifetimes import Lifetimes
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S


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
        if keys.events is None or layer is None or found is None:
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


def _held(events: CacheEvents, found: Lifetimes) -> tuple[np.ndarray, np.ndarray]:
    """Return the codes of keys that were held, ascending, and the ages in seconds."""
    ttl_s = found.best()[0] + 0.5 * (found.clock == "whole seconds")
    order = np.lexsort((events.start_ns, events.key))
    order = order[events.storable[order]]
    first = order[np.diff(events.key[order], prepend=-2) != 0]
    is_held = ~events.waits[first] & (events.hits[first] | events.renews[first])
    first = first[is_held]
    from_ns = int(events.start_ns[0])
    renewals = KeyOrder(
        events.key,
        np.flatnonzero(events.storable & (events.renews | events.calls)),
        events.start_ns,
    )
    every = renewals.next(np.full(len(events.key), from_ns - 1))
    renewed = every[first]
    last_hit_ns = events.start_ns[first]
    ends_ns = np.where(renewed >= 0, events.start_ns[renewed], last_hit_ns)
    in_s = (ends_ns - from_ns) / NS_PER_S
    # What is found fresh once is taken for as young as any that is.
    middle = np.where(events.hits[first], np.minimum(in_s, ttl_s) * 0.999, 0.0)
    age_s = np.where(events.hits[first], ttl_s - middle, ttl_s + 2.0)
    return events.key[first], np.maximum(age_s, 0.0)
