"""Tokens of lines."""

import re

import pytest

from simcoalesce.logs.line_tokens import (
    BLANKS,
    CellStyle,
    LineToken,
    by_position,
    by_token_name,
)

LINE = '[05/Jun/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 rt=0.1 urt="0.1, 0.2"'


def test_quotes_and_brackets_hold_a_token_together() -> None:
    """A name makes one of what follows it."""
    tokens = BLANKS.tokens(LINE)

    assert [token.name for token in tokens] == ["", "", "", "rt", "urt"]
    assert [token.value for token in tokens] == [
        *("05/Jun/2026:12:00:00 +0000", "GET / HTTP/1.1", "200", "0.1", "0.1, 0.2")
    ]


def test_tokens_stand_in_columns_up_to_the_first_with_a_name() -> None:
    """Those with one are found by it, in any order."""
    rows = [BLANKS.tokens(LINE), BLANKS.tokens('[x] "y" 7 z urt=9')]

    assert [column[1].value for column in by_position(rows)] == ["x", "y", "7"]
    assert by_token_name(rows) == {"rt": ["0.1", None], "urt": ["0.1, 0.2", "9"]}


@pytest.mark.parametrize(
    ("written", "style"),
    [
        ("word", BLANKS),
        ('"a b"', BLANKS),
        ("[a b]", BLANKS),
        ("a b", CellStyle.of("|")),
        ('"a, b"', CellStyle.of(",")),
    ],
)
def test_what_is_not_read_is_skipped(written: str, style: CellStyle) -> None:
    """With all that is within."""
    pattern = style.skipped([LineToken("", written)]) + "$"

    assert re.match(pattern, written)


@pytest.mark.parametrize(("line", "value"), [("x | a b |y", "a b"), ("x||y", "")])
def test_a_cell_is_read_without_its_blanks(line: str, value: str) -> None:
    """An empty cell is one, too."""
    style = CellStyle.of("|")
    group = style.group([LineToken("", "a")], "time")
    pattern = style.separator.join(["x", group, "y"])

    match = re.match(pattern, line)
    assert match is not None
    assert match["time"] == value


def test_broken_quotes_have_no_tokens() -> None:
    """The line is of another kind."""
    assert CellStyle.of(",").tokens('"a') == []
