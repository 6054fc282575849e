"""F7: hit ratios of a bounded store: Che's approximation, and what SIEVE gains."""

from typing import Any

import numpy as np

from simcoalesce.randomness import Stream
from tests.builders import a_path, an_origin, at_ns, lookups, simulated

KEYS, REQUESTS = 400, 60_000
WEIGHTS = 1.0 / np.arange(1, KEYS + 1) ** 0.9
SHARE = WEIGHTS / WEIGHTS.sum()


def hit_ratio(entries: int, eviction: str, *, seed: int = 1) -> float:
    """Return the ratio of the second half of independent requests of a Zipf law."""
    uniform = Stream(seed, "keys").uniforms(np.arange(REQUESTS))
    key = np.searchsorted(np.cumsum(SHARE), uniform)
    requests = at_ns(np.arange(REQUESTS) * 1_000_000, key=key.tolist())
    memory: dict[str, Any] = {"max_entries": entries, "eviction": eviction}
    path = a_path({"memory": {**memory, "ttl": "1h"}}, an_origin("0ms"))
    return float(np.mean(lookups(simulated(path, requests))[REQUESTS // 2 :]))


def che(entries: int) -> float:
    """Return Che's hit ratio (Che, Tung, Wang, JSAC 2002) for independent requests."""
    low, high = 0.0, 1e9
    for _ in range(200):
        middle = (low + high) / 2
        kept = (1 - np.exp(-SHARE * middle)).sum()
        low, high = (middle, high) if kept < entries else (low, middle)
    return float((SHARE * (1 - np.exp(-SHARE * low))).sum())


def test_lru_has_the_hit_ratio_that_che_predicts() -> None:
    """Stores of 10, 40 and 160 of 400 keys: within one point of a hundred."""
    measured = [hit_ratio(entries, "lru") for entries in (10, 40, 160)]
    expected = [che(entries) for entries in (10, 40, 160)]

    assert np.allclose(measured, expected, atol=0.01)


def test_sieve_hits_more_often_than_lru() -> None:
    """By at least two points at a tenth of the keys: it keeps what is asked for."""
    assert hit_ratio(40, "sieve") > hit_ratio(40, "lru") + 0.02


def test_a_store_of_all_keys_misses_each_once() -> None:
    """Nothing is evicted: after the first half each key is there."""
    assert hit_ratio(KEYS, "lru") > 0.999
