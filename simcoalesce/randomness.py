"""Random streams: every draw is a pure function of (seed, stream, request, attempt).

A counter-based generator (the SplitMix64 output function, Steele, Lea and Flood,
OOPSLA 2014) has no state to share. So a new layer never shifts another layer's draws,
two variants of a scenario have the same requests and the same draws (common random
numbers), and a run that is cut into chunks draws what the whole run draws.
"""

from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

_MASK: Final = (1 << 64) - 1
_STEP: Final = 0x9E3779B97F4A7C15
_ATTEMPT_STEP: Final = 0xD1342543DE82EF95
_MIX_1: Final = 0xBF58476D1CE4E5B9
_MIX_2: Final = 0x94D049BB133111EB


def _mix(word: int) -> int:
    word = ((word ^ (word >> 30)) * _MIX_1) & _MASK
    word = ((word ^ (word >> 27)) * _MIX_2) & _MASK
    return word ^ (word >> 31)


class Stream:
    """The draws of one purpose, e.g. ``origin.latency``, in one run.

    Attributes:
        seed: Decides all chance.
        name: The purpose.
        key: What both decide.
    """

    __slots__ = ("key", "name", "seed")

    key: int

    def __init__(self, seed: int, name: str) -> None:
        self.seed, self.name = seed, name

    def __getattr__(self, name: str) -> int:
        """Make the key when it is asked for: what is constant draws nothing."""
        if name != "key":
            raise AttributeError(name)
        digest = blake2b(f"{self.seed}/{self.name}".encode(), digest_size=8).digest()
        self.key = int.from_bytes(digest, "little")
        return self.key

    def bits(self, request: int, attempt: int = 0) -> int:
        """Return the 64 random bits of a request's attempt."""
        key = _mix(self.key + attempt * _ATTEMPT_STEP & _MASK) if attempt else self.key
        return _mix(key + (request + 1) * _STEP & _MASK)

    def bits_of(self, requests: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return the bits of many requests at once, equal to `bits` one by one.

        Args:
            requests: Request ids, shape (n,).

        Returns:
            64 random bits each, shape (n,).
        """
        word = requests.astype(np.uint64)
        word *= np.uint64(_STEP)
        word += np.uint64((self.key + _STEP) & _MASK)
        high = np.empty_like(word)
        for shift, factor in ((30, _MIX_1), (27, _MIX_2), (31, 1)):
            word ^= np.right_shift(word, np.uint64(shift), out=high)
            if factor != 1:
                word *= np.uint64(factor)
        return word

    def uniform(self, request: int, attempt: int = 0) -> float:
        """Return a number in [0, 1)."""
        return (self.bits(request, attempt) >> 11) * 2.0**-53

    def uniforms(self, requests: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return a number in [0, 1) for each request, shape (n,)."""
        word = self.bits_of(requests)
        word >>= np.uint64(11)
        uniforms = word.astype(np.float64)
        uniforms *= 2.0**-53
        return uniforms

    def choices(self, requests: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Return an integer in [0, count) for each request, shape (n,).

        Args:
            requests: Request ids, shape (n,).
            count: How many there are to choose from, below 2^32.
        """
        word = self.bits_of(requests)
        word >>= np.uint64(32)
        word *= np.uint64(count)
        word >>= np.uint64(32)
        return word.view(np.int64)
