"""Draws: the same numbers as `randomness.Stream` and `distribution.Quantiles`."""

from typing import Final

import numpy as np

from simcoalesce.compiled.kernel import Word, inner
from simcoalesce.compiled.state import State

_STEP = np.uint64(0x9E3779B97F4A7C15)
_ATTEMPT_STEP = np.uint64(0xD1342543DE82EF95)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_U27, _U30, _U31, _U11 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(11)
_ONE = np.uint64(1)
_FRACTION: Final = 2.0**-53


@inner
def mix(word: Word) -> Word:
    """Return the SplitMix64 output function of a word."""
    word = (word ^ (word >> _U30)) * _MIX_1
    word = (word ^ (word >> _U27)) * _MIX_2
    return word ^ (word >> _U31)


@inner
def bits(key: Word, request: int, attempt: int) -> Word:
    """Return the 64 bits of a request's attempt in the stream of a key."""
    if attempt:
        key = mix(key + np.uint64(attempt) * _ATTEMPT_STEP)
    return mix(key + (np.int64(request).view(np.uint64) + _ONE) * _STEP)


@inner
def uniform(key: Word, request: int, attempt: int) -> float:
    """Return a number in [0, 1)."""
    return np.float64(bits(key, request, attempt) >> _U11) * _FRACTION


@inner
def quantile(m: State, table: int, word: Word) -> int:
    """Return what a table in memory holds for 64 random bits, in nanoseconds."""
    tail = np.int64(word >> _U11) | 1
    octave = (np.float64(tail).view(np.int64) >> 52) - 1023
    mantissa = (tail << (53 - octave)) & 0x1FFFFFFFFFFFFF
    cell = int((octave << 7) + (mantissa >> 46) - 19 * 128)
    if cell < 0:
        return m[table]
    upper = m[table + cell]
    step = m[table + cell + 1] - upper
    offset = (mantissa >> 26) & 0xFFFFF
    # In two halves, since a product of 52 and 20 bits does not fit in 64.
    return int(upper + (step >> 20) * offset + ((step & 0xFFFFF) * offset >> 20))
