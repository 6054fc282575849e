"""Operators compute what Python and numpy compute, of all numbers."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("llvmlite", reason="kernels are compiled with llvmlite")

from simcoalesce.compiled.kernel import Numbers
from tests.unit.compiled.compiler.machine import Machine

LARGEST = (1 << 63) - 1
WHOLE = st.integers(-LARGEST, LARGEST) | st.integers(-9, 9)
TWO = settings(max_examples=300, deadline=None, derandomize=True)


def _whole(m: Numbers) -> int:
    a, b = m[0], m[1]
    m[2] = a + b
    m[3] = a - b
    m[4] = a * b
    m[5] = a & b
    m[6] = a | b
    m[7] = a ^ b
    m[8] = a << (b & 63)
    m[9] = a >> (b & 63)
    m[10] = -a
    m[11] = min(a, b, 5)
    m[12] = max(a, b, -5)
    m[13] = (a < b) + 2 * (a <= b) + 4 * (a > b) + 8 * (a >= b)
    m[14] = (a == b) + 2 * (a != b) + 4 * (-9 <= a < b)
    return m[2]


def _quotients(m: Numbers) -> int:
    m[2] = m[0] // m[1]
    m[3] = m[0] % m[1]
    return m[2] * m[1] + m[3]


def _words(m: Numbers) -> int:
    a, b = np.uint64(m[0]), np.uint64(m[1])
    m[2] = np.int64(a // b)
    m[3] = np.int64(a % b)
    m[4] = np.int64(a >> np.uint64(11))
    m[5] = np.int64(a * b + a)
    m[6] = (a < b) + 2 * (a >= b)
    return int(np.float64(a >> np.uint64(11)))


def _floats(m: Numbers) -> int:
    a, b = float(m[0]), float(m[1])
    m[2] = np.float64(a + b * 0.5).view(np.int64)
    m[3] = np.float64(m[0] / m[1]).view(np.int64)
    m[4] = np.float64(-a - b).view(np.int64)
    m[5] = int(np.rint(a / 7.0))
    m[6] = (a < b) + 2 * (a != b) + 4 * (a >= 0.5)
    m[7] = np.float64(np.int64(m[2]).view(np.float64)).view(np.int64)
    return int(min(a, b, 3.5))


_COMPILED = {one: Machine(one) for one in (_whole, _quotients, _words, _floats)}


def _agree(kernel: object, *numbers: int) -> None:
    plain = np.zeros(16, dtype=np.int64)
    plain[: len(numbers)] = numbers
    compiled = plain.copy()
    with np.errstate(over="ignore"):
        expected = int(kernel(plain))  # type: ignore[operator]
    result = _COMPILED[kernel](compiled)  # type: ignore[index]

    assert (result, compiled.tolist()) == (expected, plain.tolist())


@given(left=WHOLE, right=WHOLE)
@TWO
def test_whole_numbers_are_those_of_numpy(left: int, right: int) -> None:
    """Sums and products that are too large wrap around."""
    _agree(_whole, left, right)


@given(left=WHOLE, right=WHOLE.filter(bool))
@example(left=-7, right=2)
@example(left=7, right=-2)
@TWO
def test_quotients_are_rounded_down(left: int, right: int) -> None:
    """As in Python, and not towards 0 as in C."""
    _agree(_quotients, left, right)


@given(left=WHOLE, right=WHOLE.filter(bool))
@TWO
def test_words_have_no_sign(left: int, right: int) -> None:
    """What would be negative is large."""
    _agree(_words, left, right)


@given(left=WHOLE, right=WHOLE.filter(bool))
@TWO
def test_floats_have_the_same_bits(left: int, right: int) -> None:
    """Nothing is reordered, joined or rounded once less."""
    _agree(_floats, left, right)
