"""Waits are an effect where they are much longer, and of the same requests."""

import pytest

from simcoalesce.explain.counterfactuals.goal import goal_of
from simcoalesce.explain.counterfactuals.verdict import verdict
from tests.unit.explain.builders import a_scenario
from tests.unit.explain.counterfactuals.runs import FEW_CALLS, measured


def test_a_change_after_which_the_slowest_wait_long_is_worse() -> None:
    """However few calls it makes."""
    before = measured(origin_hits=(100, 102, 98), latency_p99_s=(0.1, 0.1, 0.1))
    after = measured(origin_hits=(1, 1, 1), latency_p99_s=(30, 30, 30))

    assert verdict(before, after, goal_of(a_scenario(), before)) == "worse"


def test_a_long_wait_for_an_error_counts_too() -> None:
    """An answer after two seconds is no worse than a time-out after three."""
    before = measured(
        origin_hits=(100, 102, 98),
        errors=(50, 51, 49),
        latency_p99_s=(0.1, 0.1, 0.1),
        latency_error_p99_s=(3, 3, 3),
    )
    after = measured(origin_hits=(1, 1, 1), latency_p99_s=(2, 2, 2))

    assert verdict(before, after, goal_of(a_scenario(), before)) == "fixes"


@pytest.mark.parametrize(("after_s", "word"), [(3, "no effect"), (0.1, "helps")])
def test_waits_for_errors_count_on_both_sides(after_s: float, word: str) -> None:
    """The same waits are no shorter ones, though some are for an error."""
    before, after = (
        measured(
            origin_hits=(100, 102, 98),
            errors=(5, 5, 5),
            latency_p99_s=(0.3, 0.3, 0.3) if error_s == 3 else (0.1, 0.1, 0.1),
            latency_error_p99_s=(error_s, error_s, error_s),
        )
        for error_s in (3, after_s)
    )

    assert verdict(before, after, FEW_CALLS) == word


@pytest.mark.parametrize(
    ("slowest_s", "word"),
    [((6, 6, 6), "worse"), ((60, 6, 0.05), "fixes"), ((0.4, 0.4, 0.4), "fixes")],
    ids=["in all seeds", "in some", "four times as long"],
)
def test_the_slowest_wait_long_only_if_the_seeds_agree(
    slowest_s: tuple[float, ...], word: str
) -> None:
    """Beyond five times as long."""
    before = measured(origin_hits=(100, 100, 100), latency_p99_s=(0.1, 0.1, 0.1))
    after = measured(origin_hits=(1, 1, 1), latency_p99_s=slowest_s)

    assert verdict(before, after, goal_of(a_scenario(), before)) == word


def test_a_wait_that_seems_to_be_none_is_not_long() -> None:
    """Ten times 5 ms are still less than anybody notices."""
    before = measured(origin_hits=(100, 100, 100), latency_p99_s=(5e-3, 5e-3, 5e-3))
    after = measured(origin_hits=(1, 1, 1), latency_p99_s=(0.05, 0.05, 0.05))

    assert verdict(before, after, FEW_CALLS) == "fixes"


@pytest.mark.parametrize(
    ("p99_s", "word"),
    [((0.5, 0.5, 0.5), "no effect"), ((1.1, 1.2, 1.0), "worse"), ((0.2,) * 3, "helps")],
)
def test_nothing_but_longer_waits_are_worse_and_shorter_ones_a_help(
    p99_s: tuple[float, ...], word: str
) -> None:
    """By half as long again, or by a third; of a p99 of half a second."""
    before = measured(origin_hits=(100, 100, 100), latency_p99_s=(0.545, 0.5, 0.52))
    after = measured(origin_hits=(100, 100, 100), latency_p99_s=p99_s)

    assert verdict(before, after, FEW_CALLS) == word


def test_of_few_answers_the_longest_wait_stands_for_the_slowest() -> None:
    """Twenty requests have no 99th percentile, and may wait for minutes."""
    nobody = (None, None, None)
    before, after = (
        measured(origin_hits=(n,) * 3, latency_p99_s=nobody, latency_max_s=(s,) * 3)
        for n, s in ((18, 1), (9, 90))
    )

    assert verdict(before, after, FEW_CALLS) == "worse"


@pytest.mark.parametrize(
    ("errors", "p99_s", "word"),
    [
        (230, 2, "fixes"),
        (0, 2, "worse"),
        (1, 2, "worse"),
        (9, 2, "fixes"),
        (9, 82, "worse"),
    ],
)
def test_waits_of_other_requests_make_nothing_worse_unless_endless(
    errors: int, p99_s: float, word: str
) -> None:
    """Of 1,000 requests some were refused: they may wait now, but not for 82 s.

    Nine of them are nearly all that wait longer than the 99th percentile.
    """
    waits_s = (p99_s, p99_s, p99_s)
    before = measured(
        requests=(1000, 1000, 1000),
        origin_hits=(100, 102, 98),
        errors=(errors, errors, errors),
        latency_p99_s=(0.2, 0.2, 0.2),
    )
    after = measured(
        requests=(1000, 1000, 1000),
        origin_hits=(1, 1, 1),
        latency_p99_s=waits_s,
        latency_all_p99_s=waits_s,
    )

    assert verdict(before, after, goal_of(a_scenario(), before)) == word
