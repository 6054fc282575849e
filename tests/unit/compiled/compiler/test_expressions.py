"""Expressions are what they are in Python; what is not known is refused."""

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="kernels are compiled with llvmlite")

from simcoalesce.compiled.compiler.kernels import Kernels
from simcoalesce.compiled.compiler.refusal import NotAKernelError
from simcoalesce.compiled.kernel import Numbers, Word
from simcoalesce.outcomes import Lookup
from tests.unit.compiled.compiler.machine import agrees

_SEVEN = 7


def _counted(m: Numbers) -> bool:
    m[1] += 1
    return m[0] > 0


def _late(m: Numbers) -> int:
    """What does not decide is not computed: calls are counted."""
    both = _counted(m) and _counted(m)
    one = _counted(m) or _counted(m)
    chosen = m[0] or 12
    other = m[0] and 12
    if not _counted(m) or (_counted(m) and both):
        m[2] = both + 2 * one
    return chosen + other + (m[0] if _counted(m) else _SEVEN + Lookup.HIT)


def _forward(m: Numbers) -> int:
    return _twice(m, m[0]) + _sum((m[0], 3))


def _twice(m: Numbers, number: int) -> int:
    return number if number > 100 else _twice(m, 2 * number + 1)


def _sum(pair: tuple[int, int]) -> int:
    return pair[0] + pair[1]


def _mixed(m: Numbers) -> int:
    return int(np.uint64(m[0]) + m[1])


def _unknown(m: Numbers) -> int:
    return m[0] + nowhere  # type: ignore[name-defined,no-any-return]  # noqa: F821


def _too_few(m: Numbers) -> int:
    return _twice(m)  # type: ignore[call-arg]


def _unannotated(m) -> int:  # type: ignore[no-untyped-def]
    return int(m[0])


def _indexed(m: Numbers, number: int = 1) -> int:
    return number[m[0]]  # type: ignore[index,no-any-return]


def _called_perhaps(m: Numbers) -> int:
    return m[0] < m[1] < _twice(m, 1)


def _a_word(m: Numbers) -> Word:
    return np.uint64(m[0])


def _cast(m: Numbers) -> int:
    return _a_word(m)  # type: ignore[return-value]


@pytest.mark.parametrize("number", [-3, 0, 2])
def test_and_or_and_not_compute_no_more_than_they_need(number: int) -> None:
    """They are the part that decides, as in Python."""
    agrees(_late, number, 0, 0)


def test_kernels_call_kernels_themselves_too() -> None:
    """1, 3, 7 ... 127; and a tuple is passed as it is."""
    assert agrees(_forward, 1) == 127 + 4


@pytest.mark.parametrize(
    ("kernel", "reason"),
    [
        (_mixed, "an int does not become a Word"),
        (_unknown, "nothing has this name so far: nowhere"),
        (_too_few, "it takes 2 arguments"),
        (_unannotated, "is no kind of value in a kernel: m"),
        (_indexed, "an int has no memory"),
        (_called_perhaps, "it is not sure that this is called"),
        (_cast, "a Word does not become an int: return"),
    ],
)
def test_what_python_does_otherwise_is_refused_with_its_line(
    kernel: object, reason: str
) -> None:
    """A float is what numpy makes of a word and an int: a kernel says what it means."""
    with pytest.raises(NotAKernelError, match=rf"test_expressions\.py:\d+: .*{reason}"):
        Kernels().add(kernel, "kernel")  # type: ignore[arg-type]
