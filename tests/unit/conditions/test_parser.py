"""One language for all conditions: what it says, and what is refused where."""

import pickle
from math import isfinite

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simcoalesce.conditions.parser import Vocabulary
from tests.unit.conditions.builders import CLAIMED, EXPECTED, GATE, PRECISION, UNITS

EVERY = (EXPECTED, CLAIMED, GATE, PRECISION)
WORDS = [
    *UNITS,
    *("and", "or", "not", "in", "is", "within", "worse by", "lower", "by", "True"),
    *("<=", "<", ">=", ">", "==", "!=", "=", "+", "-", "*", "/", "**", "(", ")", ","),
    *("5", "5%", "2s", "1m30s", "120ms", "1k", "10M", "40 USD", "$40", "100/s"),
    *("1e99", "0", "1_0", "1.", ".5", "@", "@base", "[location=icn]", "µ", "'", "\\"),
]
numbers = st.floats(0.001, 1e6).map(lambda number: f"{number:.3f}")
operands = st.one_of(st.sampled_from(sorted({*UNITS} - {"included.kv_reads"})), numbers)
sums = st.recursive(
    operands,
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda parts: "({} {} {})".format(*parts)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("written", "limit", "unit"),
    [
        ("origin_hits <= 50", 50, "1"),
        ("requests>=1.2M", 1_200_000, "1"),
        ("requests >= 10k", 10_000, "1"),
        ("requests >= 1_000", 1_000, "1"),
        ("latency_p99_s < 250ms", 0.25, "s"),
        ("latency_p99_s < 1m30s", 90, "s"),
        ("latency_p99_s < 1m 30s", 90, "s"),
        ("latency_p99_s < 2 * 3s", 6, "s"),
        ("hit_ratio >= 90%", 0.9, "ratio"),
        ("hit_ratio >= 0.9", 0.9, "ratio"),
        ("peak_per_s > 100/s", 100, "1/s"),
        ("peak_per_s > 1200/5m", 4, "1/s"),
        ("cost_usd < 40", 40, "USD"),
        ("cost_usd < $0.003", 0.003, "USD"),
        ("cost_usd < 1.50 USD", 1.5, "USD"),
        ("  errors == 0 ", 0, "1"),
        ("errors / requests <= 5%", 0.05, "ratio"),
        ("latency_p99_s - latency_p99_s / 2 < 5s", 5, "s"),
        ("(errors) != -(3)", -3, "1"),
    ],
)
def test_a_number_is_written_in_the_unit_of_what_it_limits(
    written: str, limit: float, unit: str
) -> None:
    """Durations, shares, rates, counts and money are all written as such."""
    (statement,) = EXPECTED.condition(written).statements

    assert (statement.limit, statement.unit) == (limit, unit)


@pytest.mark.parametrize(
    ("vocabulary", "written", "statements"),
    [
        (EXPECTED, "latency_p99_s<250ms", ["latency_p99_s < 250ms"]),
        (EXPECTED, "1 <= errors <= 2", ["1 <= errors", "errors <= 2"]),
        (EXPECTED, "(errors > 1)  and\nerrors<5", ["errors > 1", "errors < 5"]),
        (CLAIMED, "errors@a > 2*errors@b-c", ["errors@a > 2*errors@b-c"]),
        (CLAIMED, "latency_p99_s >= 180", ["latency_p99_s >= 180"]),
        (CLAIMED, "hit_ratio > 2", ["hit_ratio > 2"]),
        (CLAIMED, "included.kv_reads > 3 * 10M", ["included.kv_reads > 3 * 10M"]),
        (GATE, "errors > 1.05 * errors@base", ["errors > 1.05 * errors@base"]),
        (GATE, "latency_p99_s worse by 150%", ["latency_p99_s worse by 150%"]),
        (GATE, "errors higher by 3", ["errors higher by 3"]),
        (GATE, "hit_ratio lower", ["hit_ratio lower by 0%"]),
        (PRECISION, "latency_p99_s within 5ms", ["latency_p99_s within 5ms"]),
    ],
)
def test_what_may_be_said_where_it_stands(
    vocabulary: Vocabulary, written: str, statements: list[str]
) -> None:
    """A condition reads as it was written; only the spaces are set right."""
    assert [*map(str, vocabulary.condition(written).statements)] == statements


@pytest.mark.parametrize(
    ("vocabulary", "written", "at", "told"),
    [
        (EXPECTED, "orgin_hits <= 50", 1, 'did you mean "origin_hits"'),
        (EXPECTED, "errors > 1 and error < 5", 16, 'did you mean "errors"'),
        (EXPECTED, "cost_usd < 40 EUR", 15, 'no metric or unit "EUR"'),
        (EXPECTED, "errors = 50", 8, "write =="),
        (EXPECTED, "errors ≤ 50", 8, "write <="),
        (EXPECTED, "errors <=", 10, "ends early; write e.g. origin_hits <= 50"),
        (EXPECTED, "<= 50", 1, '"<=" cannot stand here'),
        (EXPECTED, "errors 50", 8, '"50" cannot stand here'),
        (EXPECTED, "errors", 1, "compares nothing"),
        (EXPECTED, "1 < 2", 1, "names no metric"),
        (EXPECTED, "errors > 1 or errors < 0", 12, 'only "and" joins'),
        (EXPECTED, "errors ** 2 > 1", 9, '"*" cannot stand here'),
        (EXPECTED, "errors in (1, 2)", 8, 'no metric or unit "in"'),
        (EXPECTED, "abs(errors) > 1", 1, 'no metric or unit "abs"'),
        (EXPECTED, "errors(1) > 1", 7, '"(" cannot stand here'),
        (EXPECTED, "'a' > 1", 1, '"\'" cannot stand here'),
        (EXPECTED, "True > 0", 1, 'no metric or unit "True"'),
        (EXPECTED, "errors.real > 1", 1, 'did you mean "errors"'),
        (EXPECTED, "(errors > 1) + 1 > 2", 2, "is not a number"),
        (EXPECTED, "errors > 1 / 0", 10, "divides by zero"),
        (EXPECTED, "errors > 1e99", 10, "too large; no number is above 1e30"),
        (EXPECTED, "errors * 1e29 < 9e99", 17, "too large"),
        (EXPECTED, f"errors < {'9' * 400}", 10, "too large"),
        (EXPECTED, "errors < inf", 10, "inf is no finite number; write e.g."),
        (EXPECTED, "latency_p99_s < NaN", 17, "NaN is no finite number"),
        (EXPECTED, "latency_p99_s < 250", 17, "a duration; write e.g. 80ms"),
        (EXPECTED, "latency_p99_s < 2 * 250", 17, "a duration; write e.g. 80ms"),
        (EXPECTED, "peak_per_s < 100", 14, "a rate; write e.g. 100/s"),
        (EXPECTED, "peak_per_s > 0/s", 14, '"0/s" is not above zero'),
        (EXPECTED, "90ms <= hit_ratio", 1, "a share; write e.g. 5%"),
        (EXPECTED, "hit_ratio >= 2", 14, "2 is above 1"),
        (EXPECTED, "errors <= 2.5", 11, "2.5 is not a whole number"),
        (EXPECTED, "errors <= 5%", 11, "a count; write e.g. 800"),
        (EXPECTED, "errors[location=icn] < 5", 7, "errors is not known by location"),
        (EXPECTED, "errors@cure < 5", 7, '"@cure" cannot stand here; write errors'),
        (EXPECTED, "errors within 2%", 1, '"within" cannot stand here'),
        (CLAIMED, "errors@ > 1", 7, '"@" cannot stand here'),
        (CLAIMED, "hit_ratio@a > 1 and hit_ratio >= 90ms", 34, "a share"),
        (CLAIMED, "included.kv_reads@a > 1", 18, "write included.kv_reads"),
        (CLAIMED, "included.coffee > 1", 1, 'did you mean "included.kv_reads"'),
        (GATE, "errors@cure > 1", 7, "write errors or errors@base"),
        (GATE, "errors / 2 worse by 5%", 1, "needs a metric and a number"),
        (GATE, "cost_usd worse by 5ms", 19, "money; write e.g. 40 USD"),
        (PRECISION, "errors <= 5", 1, '"<=" cannot stand here; write e.g. errors'),
        (PRECISION, "hit_ratio within much", 18, 'no metric or unit "much"'),
    ],
    ids=lambda said: said[:24] if isinstance(said, str) else "",
)
def test_what_is_refused_is_refused_at_its_position(
    vocabulary: Vocabulary, written: str, at: int, told: str
) -> None:
    """With what to write instead."""
    with pytest.raises(ValueError, match=f"character {at}: ") as error:
        vocabulary.condition(written)

    assert told in str(error.value)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        (f"errors > {'-' * 51}5", 60),
        (f"errors > {'(' * 51}5{')' * 51}", 60),
        (f"errors > {'(-' * 26}5{')' * 26}", 60),
    ],
)
def test_brackets_and_signs_have_a_depth(written: str, at: int) -> None:
    """The fifty-first within each other is refused, at its place."""
    assert str(EXPECTED.condition(f"errors > {'-' * 50}5")).endswith("-5")

    with pytest.raises(ValueError, match="nested more than 50 levels deep") as error:
        EXPECTED.condition(written)

    assert f"character {at}: " in str(error.value)


@pytest.mark.parametrize("written", ["", "  ", 5, None, "errors > 0" + " " * 500])
def test_what_is_no_short_text_is_refused(written: object) -> None:
    """With an example."""
    with pytest.raises(ValueError, match=r"write e\.g\. origin_hits <= 50"):
        EXPECTED.condition(written)


@settings(deadline=None)  # the machine may be busy
@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)))
@example("\x00 > 1")
@example(f"errors > {'(' * 240}1{')' * 240}")
@example(f"errors > {'-' * 480}errors")
@example("1 + " * 120 + "errors > 0")
@example("errors worse by worse by 5%")
@example("٣ < errors")
def test_whatever_is_written_is_a_condition_or_an_error(text: str) -> None:
    """Never a traceback; what is accepted has a finite limit, and reads the same."""
    for vocabulary in EVERY:
        try:
            condition = vocabulary.condition(text)
        except ValueError as error:
            assert str(error)  # noqa: PT017 - some texts are conditions
        else:
            assert all(isfinite(one.limit) for one in condition.statements)
            assert vocabulary.condition(str(condition)) == condition


@given(sums, st.sampled_from(["<=", "<", ">=", ">", "==", "!="]), sums)
def test_arithmetic_is_as_in_python(left: str, comparison: str, right: str) -> None:
    """To the last bit, in every nesting."""
    text = f"{left} {comparison} {right} and errors > 0"
    known = {name.replace(".", "_"): 3.5 for name in UNITS}
    try:
        statement = CLAIMED.condition(text).statements[0]
        expected = eval(left, {}, known)  # noqa: S307 - made by this test
    except (ValueError, ZeroDivisionError):
        return

    assert statement.left.value(lambda one: known[one.name]) == expected


def test_a_condition_travels_to_another_process() -> None:
    """Scenarios have them, and workers get scenarios."""
    condition = CLAIMED.condition("errors@a <= 5% * requests")

    assert pickle.loads(pickle.dumps(condition)) == condition  # noqa: S301 - our own
