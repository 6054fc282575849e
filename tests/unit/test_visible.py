"""Characters that nobody sees are written out."""

import pytest

from simcoalesce.visible import visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("für ☕ 1\u202f000 a\u00a0b", "für ☕ 1\u202f000 a\u00a0b"),
        ("a\x00\x1b\x7f\x85\x9b", r"a\x00\x1b\x7f\x85\x9b"),
        ("a\r\n\tb", r"a\r\n\tb"),
        ("gpj.\u202eexe\u2066", r"gpj.\u202eexe\u2066"),
        ("a\u2028b\udcff", r"a\u2028b\udcff"),
    ],
)
def test_what_commands_is_written_out(text: str, seen: str) -> None:
    """Letters, signs and blanks of all kinds are not."""
    assert visible(text) == seen


def test_the_ends_of_lines_may_stay() -> None:
    """In a text of several lines."""
    assert visible("a\nb\tc\r", keep="\n\t") == "a\nb\tc\\r"
