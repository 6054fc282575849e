"""JSON for the strictest reader."""

import json
from typing import Any

import pytest

from simcoalesce.json_text import json_text, parsed_json

INFINITE = float("inf")


def strict(text: str) -> Any:
    """Parse JSON as its standard has it."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize("number", [INFINITE, -INFINITE, float("nan")])
def test_what_is_not_finite_is_null(number: float) -> None:
    """Wherever it is; JSON has no such number."""
    document = {"a": number, "b": [1.5, (number, {"c": number})], "d": "inf"}

    assert strict(json_text(document)) == {
        "a": None,
        "b": [1.5, [None, {"c": None}]],
        "d": "inf",
    }


def test_what_is_finite_is_as_it_is() -> None:
    """In UTF-8, by lines if that is asked for."""
    assert json_text({"ü": [1]}, indent=2) == '{\n  "ü": [\n    1\n  ]\n}'


def test_a_name_that_is_no_text_can_be_written() -> None:
    """Such as that of a file whose bytes are no UTF-8."""
    assert json_text("a\udcffb").encode() == '"a\ufffdb"'.encode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("NaN", "NaN is no number"),
        ('{"a": [-Infinity]}', "-Infinity is no number"),
        ("[" * 100_000, "nested too deeply"),
        ("{", "Expecting"),
        (b"\xff", "decode"),
    ],
)
def test_what_is_no_json_is_refused(text: str | bytes, why: str) -> None:
    """Always as a ValueError."""
    with pytest.raises(ValueError, match=why):
        parsed_json(text)
