"""Words without quotes mean what YAML 1.2 says."""

import math

import pytest

from simcoalesce.yaml.plain_scalar import meaning


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("", None),
        ("null", None),
        ("true", True),
        ("FALSE", False),
        ("-7", -7),
        ("010", 10),
        ("0o17", 15),
        ("0xff", 255),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
    ],
)
def test_numbers_and_words_of_the_core_schema(word: str, value: object) -> None:
    """They are what section 10.3 of the specification lists."""
    found = meaning(word)

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "word", ["21:00", "yes", "on", "2026-06-05", "1_000", "80ms", "0b1", "1." * 2]
)
def test_what_older_yaml_converts_is_a_text(word: str) -> None:
    """``21:00`` is no number of seconds, ``on`` no truth, and a date no date."""
    assert meaning(word) == word


def test_a_number_of_thousands_of_digits_is_a_text() -> None:
    """Python would refuse to convert it."""
    digits = "9" * 5_000

    assert meaning(digits) == digits


def test_nan_is_a_number() -> None:
    """It is refused later, where a number is wanted."""
    number = meaning(".nan")

    assert isinstance(number, float)
    assert math.isnan(number)
