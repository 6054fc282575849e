"""How many caches there are, each with entries of its own, behind random routing."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.fit.key_order import KeyOrder
from simcoalesce.units import NS_PER_S

MOST_CACHES: Final = 100
_WRONG: Final = 0.002
"""The share of look-ups that a log tells wrongly."""
_AS_LIKELY: Final = 1.92
"""Logarithm of a likelihood ratio: half the 95 % point of chi-squared with 1 degree."""
_FAR: Final = 20.0
"""A ratio of likelihoods of half a billion."""
_FIRST_TTLS: Final = 24
_ROUNDS: Final = 3


@dataclass(frozen=True)
class CacheCount:
    """Caches behind random routing, and their ttl in whole seconds.

    A look-up of a key that `w` of `k` caches hold is a hit with probability w / k.

    Attributes:
        caches: How many.
        least: The fewest that are nearly as likely (95 %).
        most: The most.
        ttl_s: How long an answer is fresh.
        ttls_s: The ttls that are nearly as likely, the least and the greatest.
        log_likelihood: Of all look-ups.
        likelihood_of_one: The same if there is one cache, of any ttl.
        events: How many look-ups there are.
        contradictions: Hits of what no cache held, misses of what each held.
    """

    caches: int
    least: int
    most: int
    ttl_s: int
    ttls_s: tuple[int, int]
    log_likelihood: float
    likelihood_of_one: float
    events: int
    contradictions: int

    @property
    def are_several(self) -> bool:
        """Whether one cache is far less likely."""
        gain = self.log_likelihood - self.likelihood_of_one
        return self.caches > 1 and gain > _FAR


def cache_count(events: CacheEvents) -> CacheCount:
    """Return how many caches make the look-ups of a log likeliest, and their ttl.

    Args:
        events: What became of each request, with instants of a wall clock.
    """
    stored = KeyOrder(events.key, np.flatnonzero(events.may_store), events.end_ns)
    span_s = int((events.end_ns.max() - events.start_ns.min()) // NS_PER_S) + 1
    tried: dict[int, NDArray[np.float64]] = {}
    ttls = np.unique(np.rint(np.geomspace(1, span_s, _FIRST_TTLS)).astype(int))
    for _ in range(_ROUNDS):
        for ttl_s in ttls.tolist():
            if ttl_s not in tried:
                tried[ttl_s] = _likelihoods(_counted(events, stored, ttl_s))
        ttls = _nearby(sorted(tried), _likeliest(tried))
    ttl_s = _likeliest(tried)
    of_count = tried[ttl_s]
    near = np.flatnonzero(of_count >= of_count.max() - _AS_LIKELY) + 1
    ttls_near = [t for t in tried if tried[t].max() >= of_count.max() - _AS_LIKELY]
    caches = int(np.argmax(of_count)) + 1
    hits, misses = _counted(events, stored, ttl_s)
    return CacheCount(
        caches=caches,
        least=int(near.min()),
        most=int(near.max()),
        ttl_s=ttl_s,
        ttls_s=(min(ttls_near), max(ttls_near)),
        log_likelihood=float(of_count.max()),
        likelihood_of_one=max(float(one[0]) for one in tried.values()),
        events=int(hits.sum() + misses.sum()),
        contradictions=int(hits[0] + misses[caches:].sum()),
    )


def _likeliest(tried: dict[int, NDArray[np.float64]]) -> int:
    return max(tried, key=lambda ttl_s: float(tried[ttl_s].max()))


def _nearby(tried: list[int], best: int) -> NDArray[np.int64]:
    """Return further ttls around the best, up to those beside it."""
    index = tried.index(best)
    least, most = tried[max(index - 1, 0)], tried[min(index + 1, len(tried) - 1)]
    return np.unique(np.rint(np.linspace(least, most, _FIRST_TTLS)).astype(np.int64))


def _counted(
    events: CacheEvents, stored: KeyOrder, ttl_s: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many look-ups hit and missed, by how many caches held their key."""
    until_ns = events.start_ns - events.slack_ns
    # Whole seconds of the wall clock, as nginx counts them.
    from_ns = (events.start_ns // NS_PER_S - ttl_s) * NS_PER_S - 1
    held = stored.count(from_ns, until_ns)
    looked_up = events.storable & ~events.waits
    size = int(held.max(initial=0)) + 1
    hits = np.bincount(held[looked_up & events.hits], minlength=size)
    missed = looked_up & (events.calls | events.is_stale)
    return hits, np.bincount(held[missed], minlength=size)


def _likelihoods(
    counted: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.float64]:
    """Return the logarithm of the likelihood of 1, 2, 3 ... caches."""
    hits, misses = counted
    held = np.arange(len(hits))
    counts = np.arange(1, MOST_CACHES + 1)
    share = np.clip(held[None, :] / counts[:, None], _WRONG, 1 - _WRONG)
    total: NDArray[np.float64] = np.log(share) @ hits + np.log(1 - share) @ misses
    return total
