"""Conditions are evaluated on the intervals of what their statements are about."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.expression import Reference
from simcoalesce.conditions.truth import Truth
from tests.unit.conditions.builders import a_condition

NONE = "the origin refused no call"


KNOWN = Estimate(50.0, 10.0, 46.0, 54.0, 30, "1")


def value(condition: str, **known: float) -> float | None:
    """Return the left side of a condition's first statement."""
    side = a_condition(condition).statements[0].left
    return side.value(lambda reference: known.get(reference.name))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("errors + 2 * 3 > 0", 16),
        ("(errors + 2) * 3 > 0", 36),
        ("errors - 3 - 2 > 0", 5),
        ("errors - (3 - 2) > 0", 9),
        ("-errors > 0", -10),
        ("2 * -errors > 0", -20),
        ("errors / 4 > 0", 2.5),
        ("errors / 0 > 0", None),
        (f"errors{' * 1e30' * 11} > 0", None),
        ("errors - requests > 0", None),
        ("errors + 5% * errors > 0", 10.5),
    ],
)
def test_a_side_is_arithmetic(written: str, expected: float | None) -> None:
    """With the usual order; what is missing or not finite does not exist."""
    assert value(written, errors=10) == expected


def test_a_side_has_a_value_in_each_run() -> None:
    """A number too; where a part is missing, it is missing."""
    left, right = (
        side
        for one in a_condition("errors / requests <= 2").statements
        for side in (one.left, one.right)
    )
    runs: dict[str, list[float | None]] = {
        "errors": [1, 2, None],
        "requests": [2, 0, 1],
    }

    assert left.values(lambda one: runs[one.name], 3) == [0.5, None, None]
    assert right.values(lambda one: runs[one.name], 3) == [2, 2, 2]


def test_a_condition_names_what_it_needs() -> None:
    """Each once; variants may have hyphens and numbers in their names."""
    condition = a_condition(
        "origin_hits@per-key-2 - 1 <= errors and included.kv_reads > errors"
    )

    assert condition.references == (
        Reference("origin_hits", "per-key-2"),
        Reference("errors"),
        Reference("included.kv_reads"),
    )
    assert condition.names == ("origin_hits", "errors", "included.kv_reads")


def test_a_chain_is_two_statements() -> None:
    """As in Python; both are about what stands in the middle."""
    first, last = a_condition("360 <= origin_hits <= 440").statements

    assert (str(first), str(last)) == ("360 <= origin_hits", "origin_hits <= 440")
    assert [one.subject.metric for one in (first, last)] == ["origin_hits"] * 2
    assert (first.limit, last.limit) == (360, 440)


def test_where_both_sides_are_measured_their_difference_is_estimated() -> None:
    """And compared with zero."""
    (statement,) = a_condition("errors@a > 2 * errors").statements
    runs = {Reference("errors", "a"): [5.0, 8.0], Reference("errors"): [1.0, 4.0]}

    assert statement.subject.values(runs.__getitem__, 2) == [3, 0]
    assert statement.limit == 0


@given(
    st.sampled_from([("<", ">"), ("<=", ">="), ("==", "=="), ("!=", "!=")]),
    st.lists(st.integers(0, 9), min_size=2, max_size=2),
    st.integers(0, 9),
)
def test_a_limit_may_stand_on_either_side(
    signs: tuple[str, str], values: list[int], limit: int
) -> None:
    """5 < errors is errors > 5."""
    low, high = sorted(values)
    (left,) = a_condition(f"{limit} {signs[0]} errors").statements
    (right,) = a_condition(f"errors {signs[1]} {limit}").statements

    assert left.truth(low, high) == right.truth(low, high)


@pytest.mark.parametrize(
    ("known", "truth", "reason"),
    [
        (KNOWN, "undecided", "the limit lies within the 95 % interval"),
        (replace(KNOWN, low=51, high=53), "holds", None),
        (replace(KNOWN, low=40, high=49), "fails", None),
        (Estimate(None, None, None, None, 0, "1", NONE), "undecided", NONE),
        (replace(KNOWN, low=51, high=53, n=20, reason=NONE), "undecided", NONE),
        (replace(KNOWN, low=40, high=49, n=20, reason=NONE), "fails", NONE),
        (
            replace(KNOWN, sd=None, low=None, high=None, n=1),
            "undecided",
            "one replication",
        ),
    ],
    ids=["around", "above", "below", "missing", "partly", "partly fails", "one run"],
)
def test_an_interval_decides(known: Estimate, truth: Truth, reason: str | None) -> None:
    """What is missing in some runs can fail, but cannot hold; one run tells nothing."""
    found = a_condition("errors >= 50").evaluation(lambda _: known)

    assert found.truth == truth
    assert (found.reason or "").startswith(reason or "")


@pytest.mark.parametrize(
    ("written", "truth", "decisive"),
    [
        ("errors > 40 and errors < 60", "holds", "errors > 40"),
        ("errors > 40 and errors < 50", "undecided", "errors < 50"),
        ("errors > 50 and errors < 40", "fails", "errors < 40"),
        ("40 < errors < 45", "fails", "errors < 45"),
    ],
)
def test_what_fails_decides_then_what_is_undecided(
    written: str, truth: Truth, decisive: str
) -> None:
    """The first of them is shown."""
    found = a_condition(written).evaluation(lambda _: KNOWN)

    assert (found.truth, str(found.statement)) == (truth, decisive)
