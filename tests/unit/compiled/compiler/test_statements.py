"""Statements do what they do in Python."""

import pytest

pytest.importorskip("llvmlite", reason="kernels are compiled with llvmlite")

from simcoalesce.compiled.compiler.kernels import Kernels
from simcoalesce.compiled.compiler.refusal import NotAKernelError
from simcoalesce.compiled.kernel import Numbers
from tests.unit.compiled.compiler.machine import agrees


def _loops(m: Numbers) -> int:
    """Loops of each kind, left and gone on with."""
    total = 0
    for index in range(m[0]):
        if index == 3:
            continue
        for other in range(1, index):
            total += other
        if index > 6:
            break
        index += 10  # noqa: PLW2901 - the loop goes on from its own count
        total += index
    while True:
        total -= 1
        if total % 7 == 0:
            break
    return total


def _unrolled(m: Numbers) -> int:
    left, octave = m[0], 0
    for step in (16, 8, 4, 2, 1):
        if left >> step:
            left >>= step
            octave += step
        if octave > 20:
            break
    return octave


def _swaps(m: Numbers) -> int:
    m[0], m[1] = m[1], m[0]
    m[2] = m[3] = 7
    m[m[4]] += 1
    pair = m[0], m[1] > 5
    first, second = pair
    return first + second + pair[0]


def _a_name_of_two_kinds(m: Numbers) -> int:
    found = m[0] > 1
    found = m[0]  # type: ignore[assignment]
    return int(found)


def _nothing_is_given(_: Numbers) -> int:
    return  # type: ignore[return-value]


def _a_list(m: Numbers) -> int:
    parts = [1, 2]
    return parts[m[0]]


def _with_else(m: Numbers) -> int:
    while m[0]:
        if m[1]:
            break
    else:
        return 1
    return 0


@pytest.mark.parametrize("times", [0, 1, 4, 9])
def test_loops_end_and_go_on_as_they_do_in_python(times: int) -> None:
    """What is assigned to the name of a loop does not move it."""
    agrees(_loops, times)


@pytest.mark.parametrize("number", [0, 1, 255, 1 << 30, 1 << 60])
def test_a_loop_over_constants_is_unrolled(number: int) -> None:
    """It can be left all the same."""
    agrees(_unrolled, number)


def test_all_values_are_computed_before_one_is_stored() -> None:
    """So two can be swapped."""
    assert agrees(_swaps, 4, 9, 0, 0, 1) == 9 + 0 + 9


@pytest.mark.parametrize(
    ("kernel", "reason"),
    [
        (_a_name_of_two_kinds, r"an int does not become a bool: found = m\[0\]"),
        (_nothing_is_given, "it returns an int: return"),
        (_a_list, r"a kernel has nothing of this kind: \[1, 2\]"),
        (_with_else, "a kernel has nothing of this kind: while m"),
    ],
)
def test_what_is_not_of_the_language_is_refused_with_its_line(
    kernel: object, reason: str
) -> None:
    """A kernel that compiles means what it means in Python."""
    with pytest.raises(NotAKernelError, match=rf"test_statements\.py:\d+: {reason}"):
        Kernels().add(kernel, "kernel")  # type: ignore[arg-type]
