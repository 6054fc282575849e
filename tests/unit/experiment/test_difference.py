"""Differences: paired, Welch's, and verdicts that say no more than is known."""

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt

import pytest
from scipy import stats  # type: ignore[import-untyped, unused-ignore]

from simcoalesce.conditions.student_t import t_coverage
from simcoalesce.experiment.difference import (
    Difference,
    paired,
    unpaired,
    with_verdicts,
)
from tests.unit.experiment.builders import measured

A = [10.0, 12.0, 9.0, 14.0, 11.0]
B = [9.0, 11.5, 8.5, 12.0, 10.0]


def a_difference(a: Sequence[float | None], b: Sequence[float | None]) -> Difference:
    """Return the difference of origin_hits."""
    one = paired("origin_hits", measured(origin_hits=a), measured(origin_hits=b))
    return with_verdicts([one], margin_ratio=0.02)[0]


@pytest.mark.parametrize("freedom", [1, 2, 7, 29, 999, 5_000])
@pytest.mark.parametrize("t", [0.0, 0.5, 2.0, 6.0])
def test_the_coverage_is_that_of_student(t: float, freedom: int) -> None:
    """Computed without SciPy, as SciPy does; the normal's from a thousand on."""
    expected = 1 - 2 * stats.t.sf(t, freedom)

    assert t_coverage(t, freedom) == pytest.approx(expected, abs=1e-4)


def test_a_paired_difference_is_the_paired_t_test() -> None:
    """Interval and p-value are those of SciPy's paired test."""
    expected = stats.ttest_rel(B, A)

    found = paired("origin_hits", measured(origin_hits=A), measured(origin_hits=B))

    assert found.p_value == pytest.approx(expected.pvalue)
    assert (found.change.low, found.change.high) == pytest.approx(
        tuple(expected.confidence_interval())
    )


def test_an_unpaired_difference_is_welch_s() -> None:
    """With whole degrees of freedom, rounded down: never bolder than SciPy's."""
    expected = stats.ttest_ind(B, A, equal_var=False)

    found = unpaired("origin_hits", measured(origin_hits=A), measured(origin_hits=B))

    assert found.better_in is None
    assert found.p_value == pytest.approx(expected.pvalue, rel=0.02)
    assert found.p_value >= expected.pvalue


def test_pairs_are_sharper_than_independent_samples() -> None:
    """The same numbers, paired by seed, tell what samples cannot."""
    a, b = measured(origin_hits=A), measured(origin_hits=B)
    apart, together = unpaired("origin_hits", a, b), paired("origin_hits", a, b)

    verdicts = [
        with_verdicts([one], margin_ratio=0.0)[0].verdict for one in (apart, together)
    ]

    assert verdicts == ["undecided", "better"]


def test_equal_runs_are_the_same() -> None:
    """No change at all is no change that matters, even with a margin of nothing."""
    assert a_difference(A, A).verdict == "same"


def test_sameness_needs_an_interval_within_the_margin() -> None:
    """A large p-value alone is no evidence of sameness."""
    near = [a + d for a, d in zip(A, (0.01, -0.02, 0.0, 0.01, -0.01), strict=True)]
    wild = [a + d for a, d in zip(A, (4.0, -5.0, 3.0, -3.0, 1.0), strict=True)]

    assert a_difference(A, near).verdict == "same"
    assert a_difference(A, wild).verdict == "undecided"


def test_what_cannot_be_told_says_how_many_seeds_would_tell() -> None:
    """The half-width shrinks with the root of their number."""
    change = a_difference(A, [11.0, 11.0, 11.0, 13.0, 11.0])

    assert change.verdict == "undecided"
    assert change.replications_to_decide is not None
    assert change.replications_to_decide > 5


def test_many_metrics_need_more_evidence_each() -> None:
    """Holm: a p-value that convinces alone does not among eleven."""
    one = paired("origin_hits", measured(origin_hits=A), measured(origin_hits=B))

    alone = with_verdicts([one], margin_ratio=0.0)[0]
    of_many = with_verdicts([one] * 11, margin_ratio=0.0)[0]

    assert (alone.verdict, of_many.verdict) == ("better", "undecided")


def test_holm_s_p_values_are_those_of_the_book() -> None:
    """0.01, 0.02, 0.04 become 0.03, 0.04, 0.04."""
    one = paired("errors", measured(errors=A), measured(errors=B))
    given = [replace(one, p_value=p) for p in (0.02, 0.01, 0.04)]

    adjusted = [found.p_value for found in with_verdicts(given, margin_ratio=0.0)]

    assert adjusted == pytest.approx([0.04, 0.03, 0.04])


def test_neither_more_nor_less_leaders_is_better() -> None:
    """A metric without a preference is higher or lower."""
    found = paired("leaders", measured(leaders=A), measured(leaders=B))

    assert with_verdicts([found], margin_ratio=0.0)[0].verdict == "lower"


def test_a_pair_without_a_number_is_left_out_and_counted() -> None:
    """First rejections of some seeds only: the others are no zeros."""
    found = a_difference([1.0, None, 3.0], [2.0, 2.0, 4.0])

    assert (found.change.n, found.change.mean) == (2, 1.0)
    assert "1 of 3" in str(found.change.reason)


def test_one_seed_tells_nothing() -> None:
    """One pair has no interval."""
    found = a_difference([1.0], [2.0])

    assert (found.verdict, found.p_value) == ("undecided", None)


def test_the_interval_narrows_with_the_root_of_the_seeds() -> None:
    """Four times as many pairs: half the width, but for Student's t."""
    few = a_difference(A, B).change
    many = a_difference(A * 4, B * 4).change

    assert many.sd is not None
    assert few.sd is not None
    assert many.sd / sqrt(many.n) < few.sd / sqrt(few.n)
