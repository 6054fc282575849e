"""Conditions are a small language: what is outside of it is refused."""

import pytest

from simcoalesce.scenario.condition import Condition, Reference


def value(condition: str, **known: float) -> float | None:
    """Return the left side of a condition's first comparison."""
    side = Condition.parse(condition).parts[0].left
    return side.value(lambda reference: known.get(reference.name))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("errors + 2 * 3 > 0", 16),
        ("(errors + 2) * 3 > 0", 36),
        ("-errors > 0", -10),
        ("errors / 4 > 0", 2.5),
        ("errors / 0 > 0", None),
        ("errors - leaders > 0", None),
        ("1_000 > 0", 1000),
    ],
)
def test_a_side_is_arithmetic(written: str, expected: float | None) -> None:
    """With the usual order; what is missing or has no quotient stays missing."""
    assert value(written, errors=10) == expected


def test_a_condition_names_what_it_needs() -> None:
    """Variants may have hyphens, and numbers in their names."""
    condition = Condition.parse(
        "origin_hits@per-key-2 - 1 <= errors and included.kv_reads > 3"
    )

    assert condition.references == (
        Reference("origin_hits", "per-key-2"),
        Reference("errors", None),
        Reference("included.kv_reads", None),
    )


def test_a_chain_is_two_comparisons() -> None:
    """As in Python."""
    parts = Condition.parse("360 <= origin_hits@a <= 440").parts

    assert [str(part) for part in parts] == [
        "360 <= origin_hits@a",
        "origin_hits@a <= 440",
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("origin_hits", "compares nothing"),
        ("origin_hit > 3", 'did you mean "origin_hits"'),
        ("origin_hit@a > 3", 'did you mean "origin_hits"'),
        ("errors ** 2 > 1", r"write \+ - \* or /"),
        ("errors in (1, 2)", "write <= >=|neither"),
        ("errors > 1 or errors < 0", "compares nothing"),
        ("abs(errors) > 1", "neither a number nor a metric"),
        ("__import__('os').x > 1", "included.UNIT"),
        ("errors.real > 1", "included.UNIT"),
        ("included.coffee > 1", "included.UNIT"),
        ("'a' > 1", "neither a number nor a metric"),
        ("True > 0", "neither a number nor a metric"),
        ("errors >", "is not a condition"),
        ("", "is not a condition"),
        ("(" * 200 + "1", "is not a condition"),
        ("1 + " * 200 + "1 > 0", "is not a condition"),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_condition_is_refused(written: str, told: str) -> None:
    """With what to write instead."""
    with pytest.raises(ValueError, match=told):
        Condition.parse(written)
