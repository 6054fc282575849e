"""Routing: the location of a request, and its isolate there."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from simcoalesce.randomness import Stream
from simcoalesce.traffic.alias_table import AliasTable

RoutingRule = Literal["random", "consistent_hash", "sharded"]

_LCG: Final = 2_862_933_555_777_941_757


@dataclass(frozen=True)
class Routing:
    """The draws of location and isolate of one run.

    Attributes:
        seed: Of the run.
        locations: The weights of the locations.
        isolates: How many there are at each location.
        ring: The hash of each key, if a key has a home isolate; shape (keys,).
        spill_over_ratio: The share of requests that leave the home isolate.
        is_at_home: Whether all requests of a location go to its first isolate.
    """

    seed: int
    locations: AliasTable
    isolates: int
    ring: NDArray[np.uint64] | None = None
    spill_over_ratio: float = 0.0
    is_at_home: bool = False

    @property
    def location_stream(self) -> Stream:
        """The draws of locations."""
        return Stream(self.seed, "traffic.location")

    @property
    def isolate_stream(self) -> Stream:
        """The draws of isolates."""
        return Stream(self.seed, "traffic.isolate")

    @property
    def draws_isolates(self) -> bool:
        """Whether it is drawn which isolate of a location serves."""
        return self.isolates > 1 and not self.is_at_home

    def location(self, requests: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the location of each request, shape (n,)."""
        if len(self.locations) == 1:
            return np.zeros(len(requests), dtype=np.int64)
        return self.locations.choose(self.location_stream.uniforms(requests))

    def isolate(
        self,
        requests: NDArray[np.int64],
        location: NDArray[np.int64],
        key: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Return the isolate of each request, numbered within its location."""
        if not self.draws_isolates:
            return np.zeros(len(requests), dtype=np.int64)
        anywhere = self.isolate_stream.choices(requests, self.isolates)
        if self.ring is None:
            return anywhere
        # Placement follows from names alone: no seed moves a key to another isolate.
        point = (self.ring[key] + location.astype(np.uint64)).view(np.int64)
        home = jump_hash(Stream(0, "traffic.ring").bits_of(point), self.isolates)
        if not self.spill_over_ratio:
            return home
        spilled = Stream(self.seed, "traffic.spill").uniforms(requests)
        return np.where(spilled < self.spill_over_ratio, anywhere, home)


@lru_cache(maxsize=4)
def ring_of(keys: tuple[str, ...]) -> NDArray[np.uint64]:
    """Return 64 bits for each name, the same on every machine; shape (keys,)."""
    digests = b"".join(blake2b(key.encode(), digest_size=8).digest() for key in keys)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def jump_hash(bits: NDArray[np.uint64], buckets: int) -> NDArray[np.int64]:
    """Return a bucket for each 64 bits; one bucket more moves few of them.

    Source:
        Lamping and Veach, "A fast, minimal memory, consistent hash algorithm", 2014.
    """
    bits = bits.copy()
    home = np.zeros(len(bits), dtype=np.int64)
    rows, jump = np.arange(len(bits)), np.zeros(len(bits), dtype=np.int64)
    while len(rows):
        home[rows] = jump
        bits = bits * np.uint64(_LCG) + np.uint64(1)
        steps = (bits >> np.uint64(33)).astype(np.float64) + 1
        jump = ((jump + 1) * (float(1 << 31) / steps)).astype(np.int64)
        going = jump < buckets
        rows, jump, bits = rows[going], jump[going], bits[going]
    return home
