"""Does a law tell a log's story? The log and the law side by side at a plain cache."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.arrivals.observed_arrivals import Floats
from simcoalesce.request import Requests
from simcoalesce.traffic.traffic import Traffic
from simcoalesce.units import NS_PER_S

TTLS_S: Final = (10.0, 60.0, 1e9)
_MOST_REQUESTS: Final = 100_000
_SEEDS: Final = (1, 2, 3)


def hit_ratio(at_s: Floats, key: NDArray[Any], ttl_s: float) -> float:
    """Return the share of requests that a cache answers, if a fetch takes no time.

    Args:
        at_s: Instants in order, shape (n,).
        key: Of each request, shape (n,); one below 0 is never stored.
        ttl_s: How long an answer is fresh after it was fetched.
    """
    stored: dict[int, float] = {}
    hits = 0
    for at, one in zip(at_s.tolist(), key.tolist(), strict=True):
        if one >= 0 and at < stored.get(one, -1.0):
            hits += 1
        else:
            stored[one] = at + ttl_s
    return hits / max(len(at_s), 1)


def hit_ratios(at_s: Floats, key: NDArray[Any]) -> tuple[float, ...]:
    """Return the hit ratios under some lifetimes, of the first hundred thousand."""
    few = slice(_MOST_REQUESTS)
    return tuple(hit_ratio(at_s[few], key[few], ttl_s) for ttl_s in TTLS_S)


def generated_hit_ratios(
    arrivals: Sequence[dict[str, Any]], keys: dict[str, Any], ends_s: float
) -> tuple[float, ...]:
    """Return the mean hit ratios of the traffic that a law generates."""
    traffic = Traffic.model_validate({"arrivals": [*arrivals], "keys": keys})
    found = []
    for seed in _SEEDS:
        made = traffic.generate(seed=seed, duration_ns=round(ends_s * NS_PER_S))
        chunks = [(one.arrived_at_ns.copy(), _stored(one)) for one in made.chunks]
        if chunks:
            at_ns = np.concatenate([one for one, _ in chunks])
            key = np.concatenate([one for _, one in chunks])
            found.append(hit_ratios(at_ns / NS_PER_S, key))
    return tuple(float(np.mean(one)) for one in zip(*found, strict=True))


def _stored(chunk: Requests) -> NDArray[np.int64]:
    """Return the keys of requests; -1 of those that no store may answer."""
    if chunk.storable is None:
        return chunk.key.copy()
    return np.where(chunk.storable, chunk.key, -1)
