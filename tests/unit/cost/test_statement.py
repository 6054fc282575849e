"""A statement says which line makes it."""

from fractions import Fraction

from simcoalesce.cost.statement import BillStatement, Charge


def _statement(*amounts: int) -> BillStatement:
    charges = (
        Charge(f"unit-{i}", "a line", amount, amount, amount, Fraction(1))
        for i, amount in enumerate(amounts)
    )
    return BillStatement("a basis", tuple(charges))


def test_the_dominant_line_is_the_largest_charge() -> None:
    """The line that makes the bill."""
    dominant = _statement(1, 5, 2).dominant

    assert dominant is not None
    assert (dominant.unit, dominant.share) == ("unit-1", 0.625)


def test_of_equal_charges_the_first_dominates() -> None:
    """A tie goes to the order of the price list."""
    dominant = _statement(3, 3).dominant

    assert dominant is not None
    assert dominant.unit == "unit-0"


def test_a_statement_of_nothing_has_no_dominant_line() -> None:
    """Zero is made by no line, and its shares are zero."""
    nothing = _statement(0, 0)

    assert nothing.dominant is None
    assert [line.share for line in nothing.lines] == [0.0, 0.0]


def test_a_statement_documents_its_lines() -> None:
    """Every line appears with all of its figures."""
    document = _statement(1, 5).document()

    assert document["dominant"] == "unit-1"
    assert [line["usd"] for line in document["lines"]] == [1.0, 5.0]


def test_a_sum_is_that_of_the_exact_charges() -> None:
    """A tenth, three times, is 0.3: no rounding but the last."""
    tenth = Charge("unit", "a line", 1, 1, Fraction(1, 3), Fraction(3, 10))

    assert BillStatement("a basis", (tenth, tenth, tenth)).usd == 0.3
