"""Lifetimes: what hits and renewals say of a ttl, and what contradicts one."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.units import NS_PER_S

Clock = Literal["whole seconds", "real-valued"]
"""How a cache counts a lifetime: by the seconds of its wall clock, or exactly."""


@dataclass(frozen=True)
class Lifetimes:
    """Ages of answers that were found fresh, and of those that had expired.

    In seconds; in whole seconds an age is the number of seconds that began since. An
    instant of a log may be wrong by a little: ages are taken so that they exclude no
    ttl that any instant near it allows.

    Attributes:
        clock: How they are counted.
        fresh_s: Ages of hits: the ttl is not shorter.
        expired_s: Ages of what had expired: the ttl is shorter (real-valued: or equal).
        unstored_s: When keys were hit that nobody had stored, since the log began.
        refetched: Fetches of keys as if nothing were stored, though something was.
    """

    clock: Clock
    fresh_s: NDArray[np.float64]
    expired_s: NDArray[np.float64]
    unstored_s: NDArray[np.float64]
    refetched: int

    @property
    def events(self) -> int:
        """How many ages there are."""
        return len(self.fresh_s) + len(self.expired_s)

    def contradictions(self, ttl_s: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return how many ages contradict each of several ttls."""
        fresh, expired = np.sort(self.fresh_s), np.sort(self.expired_s)
        older = len(fresh) - np.searchsorted(fresh, ttl_s, side="right")
        # In whole seconds an age equal to the ttl is fresh.
        side: Literal["left", "right"]
        side = "right" if self.clock == "whole seconds" else "left"
        return older + np.searchsorted(expired, ttl_s, side=side)

    def best(self) -> tuple[float, int]:
        """Return the ttl in seconds that the fewest ages contradict, and how many."""
        tried = self.tried()
        if not len(tried):
            return 0.0, 0
        bad = self.contradictions(tried)
        # Every ttl up to the next age is as good: its least is what hits demand.
        index = int(np.argmin(bad))
        return float(tried[index]), int(bad[index])

    def unstored(self, ttl_s: float) -> int:
        """Return how many hits nobody can have stored before the log began either.

        A log hardly ever begins with an empty cache: for as long as the ttl keys may be
        hit that are stored before.
        """
        return int((self.unstored_s > ttl_s + 1).sum())

    def tried(self) -> NDArray[np.float64]:
        """Return the ttls that are worth trying."""
        tried = np.unique(self.fresh_s[self.fresh_s > 0])
        if self.clock == "whole seconds":
            tried = np.unique(np.concatenate([tried, tried + 1, tried - 1]))
        return tried[tried > 0]

    def longest(self, bad: int) -> float:
        """Return the longest ttl with so many contradictions; infinite if any is."""
        expired = np.sort(self.expired_s)
        tried = np.unique(np.concatenate([self.tried(), expired]))
        if self.clock == "whole seconds":
            tried = np.unique(np.concatenate([tried, expired - 1]))
        good = tried[self.contradictions(tried) <= bad]
        if not len(good) or not len(expired) or good[-1] >= tried[-1]:
            return float("inf") if not len(expired) else float(expired[-1])
        return float(good[-1])


def lifetimes(events: CacheEvents, clock: Clock) -> Lifetimes:
    """Return the ages in a log.

    Args:
        events: What became of each request, with instants of a wall clock.
        clock: How a cache may count them.
    """
    slack_ns = events.slack_ns
    by = events.stored_by(events.start_ns - slack_ns)
    has, stored_ns = by >= 0, events.end_ns[by]
    found = events.storable & ~events.waits & _is_certain(events)
    fresh, expired = found & events.hits, _expired(events, found, has)
    least_ns, most_ns = events.start_ns - slack_ns, events.start_ns + slack_ns
    if clock == "whole seconds":
        second = NS_PER_S
        least = least_ns // second - (stored_ns + slack_ns) // second
        most = most_ns // second - (stored_ns - slack_ns) // second
    else:
        least, most = least_ns - slack_ns - stored_ns, most_ns + slack_ns - stored_ns
    scale = 1.0 if clock == "whole seconds" else float(NS_PER_S)
    return Lifetimes(
        clock=clock,
        fresh_s=least[fresh & has] / scale,
        expired_s=most[expired & has] / scale,
        unstored_s=_since_start_s(events)[fresh & ~has],
        refetched=_refetched(events, found & has),
    )


def _since_start_s(events: CacheEvents) -> NDArray[np.float64]:
    since: NDArray[np.float64] = (events.start_ns - events.start_ns.min()) / NS_PER_S
    return since


def _is_certain(events: CacheEvents) -> NDArray[np.bool_]:
    """Whether it is certain which answer was stored when a request came."""
    before = events.stored_by(events.start_ns - events.slack_ns)
    after = events.stored_by(events.start_ns + events.slack_ns)
    late = events.stored_by(events.start_ns + events.slack_ns, late=True)
    certain: NDArray[np.bool_] = (before == after) & (before == late)
    return certain


def _expired(
    events: CacheEvents, found: NDArray[np.bool_], has: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    if events.says_status:
        return found & events.renews
    return found & events.calls & has


def _refetched(events: CacheEvents, stored: NDArray[np.bool_]) -> int:
    if not events.says_status:
        return 0
    return int((stored & events.calls & ~events.renews).sum())
