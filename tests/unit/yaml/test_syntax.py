"""Where a text stops being YAML, it says so in plain words."""

import pytest

from simcoalesce.yaml.parser import parsed_yaml
from simcoalesce.yaml.source_text import source_of
from simcoalesce.yaml.validation_error import InvalidScenario


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a:\n\tb: 1\n", 2, 1, "a tab cannot indent"),
        ("a: b: c\n", 1, 5, 'a ":" where no key can stand'),
        ("a: 'x\n", 1, 4, "quote that opens here is never closed"),
        ("a: [1, 2\nb: 3\n", 1, 4, '"[" here is never closed'),
        ("a: {b: 1\nc: 2\n", 1, 4, '"{" here is never closed'),
        ("a: @x\n", 1, 4, '"@" cannot start a value'),
        ('a: "\\q"\n', 1, 6, "no such escape"),
        ("a:\n  - 1\n b: 2\n", 3, 2, "not indented like"),
        ("a: ]", 1, 4, "this is not YAML"),
        ("%YAML 2.0\n---\na: 1", 1, 1, "this is not YAML"),
        ("a: 1\n- b\n", 2, 1, "not indented like"),
    ],
)
def test_the_position_and_the_reason(
    text: str, line: int, column: int, words: str
) -> None:
    """What was opened is shown where it was opened."""
    with pytest.raises(InvalidScenario) as caught:
        parsed_yaml(text, source_of(text, "sale.yaml"))
    error = caught.value.errors[0]

    assert (error.line, error.column) == (line, column)
    assert words in error.message
