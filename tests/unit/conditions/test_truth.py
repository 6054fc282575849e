"""Truth is of a whole interval, of no part of it, or undecided."""

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.conditions.truth import COMPARISONS, Truth, conjunction, truth_of

COMPARE = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
    "!=": operator.ne,
}
OPPOSITES = [("<=", ">"), ("<", ">="), ("==", "!=")]
OPPOSITE: dict[Truth, Truth] = {
    "holds": "fails",
    "fails": "holds",
    "undecided": "undecided",
}
comparisons = st.sampled_from(sorted(COMPARISONS))
numbers = st.integers(-5, 5).map(float)
"""Few, so that ends and limits often meet."""


@pytest.mark.parametrize(
    ("comparison", "below", "touching", "at", "around", "above"),
    [
        ("<=", "holds", "holds", "holds", "undecided", "fails"),
        ("<", "holds", "undecided", "fails", "undecided", "fails"),
        (">=", "fails", "undecided", "holds", "undecided", "holds"),
        (">", "fails", "fails", "fails", "undecided", "holds"),
        ("==", "fails", "undecided", "holds", "undecided", "fails"),
        ("!=", "holds", "undecided", "fails", "undecided", "holds"),
    ],
)
def test_only_a_whole_interval_decides(
    comparison: str,
    below: Truth,
    touching: Truth,
    at: Truth,
    around: Truth,
    above: Truth,
) -> None:
    """Of a limit of 50."""
    intervals = [(40, 45), (40, 50), (50, 50), (40, 60), (55, 60)]

    truths = [truth_of(comparison, low, high, 50) for low, high in intervals]

    assert truths == [below, touching, at, around, above]


@given(comparisons, st.lists(numbers, min_size=3, max_size=3), numbers)
def test_what_is_decided_is_so_for_every_value_inside(
    comparison: str, values: list[float], limit: float
) -> None:
    """So nothing both holds and fails."""
    low, inside, high = sorted(values)
    truth = truth_of(comparison, low, high, limit)

    if truth != "undecided":
        assert COMPARE[comparison](inside, limit) == (truth == "holds")


@given(comparisons, st.lists(numbers, min_size=4, max_size=4), numbers)
def test_a_narrower_interval_decides_no_less(
    comparison: str, values: list[float], limit: float
) -> None:
    """Further runs change no truth, if the interval shrinks."""
    low, inner_low, inner_high, high = sorted(values)
    wide = truth_of(comparison, low, high, limit)

    assert wide in {"undecided", truth_of(comparison, inner_low, inner_high, limit)}


@pytest.mark.parametrize(("comparison", "opposite"), OPPOSITES)
@given(st.lists(numbers, min_size=2, max_size=2), numbers)
def test_the_opposite_fails_where_it_holds(
    comparison: str, opposite: str, values: list[float], limit: float
) -> None:
    """And is undecided with it."""
    low, high = sorted(values)

    truth = truth_of(comparison, low, high, limit)

    assert truth_of(opposite, low, high, limit) == OPPOSITE[truth]


@given(comparisons, numbers, numbers)
def test_a_point_is_always_decided(comparison: str, value: float, limit: float) -> None:
    """Where all runs agree, there is nothing to wait for."""
    assert truth_of(comparison, value, value, limit) != "undecided"


@pytest.mark.parametrize(
    ("truths", "whole"),
    [
        ([], "holds"),
        (["holds", "holds"], "holds"),
        (["holds", "undecided"], "undecided"),
        (["undecided", "fails", "holds"], "fails"),
    ],
)
def test_one_that_fails_decides_all(truths: list[Truth], whole: Truth) -> None:
    """Then one that is undecided."""
    assert conjunction(truths) == whole
