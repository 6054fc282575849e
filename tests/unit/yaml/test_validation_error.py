"""Errors show the position, the line and a caret."""

import pickle

from simcoalesce.yaml.node import Source, SourcePosition
from simcoalesce.yaml.validation_error import (
    InvalidScenario,
    ValidationError,
    rendered,
)

SALE = Source("sale.yaml", ("kv:", "  wirte: 80ms", "  read: 8 miles"))
KEY = ValidationError(
    SourcePosition(SALE, 2, 3, 5), "kv.wirte", 'unknown key — did you mean "write"?'
)
VALUE = ValidationError(
    SourcePosition(SALE, 3, 9, 7), "kv.read", '"8 miles" is not a duration'
)


def test_a_rendered_error_teaches() -> None:
    """Places and paths stand in columns; carets under what is meant."""
    expected = (
        'sale.yaml:2:3  kv.wirte  unknown key — did you mean "write"?\n'
        "   2 |   wirte: 80ms\n"
        "         ^^^^^\n"
        'sale.yaml:3:9  kv.read   "8 miles" is not a duration\n'
        "   3 |   read: 8 miles\n"
        "               ^^^^^^^\n"
        "2 problems, nothing was run."
    )

    assert str(InvalidScenario([VALUE, KEY])) == expected


def test_an_error_in_a_change_names_the_change() -> None:
    """There is no line to show."""
    position = SourcePosition(Source("-s kv.ttl=60", rank=9, change="-s"))
    error = ValidationError(position, "kv.ttl", "60 what?")

    expected = "-s kv.ttl=60  kv.ttl  60 what?\n1 problem, nothing was run."
    assert rendered([error]) == expected


def test_without_paths_there_is_no_column_for_them() -> None:
    """A syntax error has no path."""
    error = ValidationError(SourcePosition(Source("sale.yaml")), "", "it is empty")

    assert rendered([error]).startswith("sale.yaml  it is empty\n")


def test_the_same_thing_at_the_same_position_is_said_once() -> None:
    """A section is read by several layers."""
    again = ValidationError(KEY.position, "path[0].kv.wirte", KEY.message)

    assert InvalidScenario([KEY, again]).errors == (KEY,)


def test_errors_of_the_command_line_come_last() -> None:
    """Whatever their order."""
    change = ValidationError(
        SourcePosition(Source("-s x", change="-s")), "x", "unknown key"
    )

    assert InvalidScenario([change, VALUE, KEY]).errors == (KEY, VALUE, change)


def test_a_long_line_is_cut_around_the_caret() -> None:
    """The caret still stands under what is meant."""
    line = "x" * 500 + "bad" + "y" * 500
    snippet = ValidationError(
        SourcePosition(Source("f", (line,)), 1, 501, 3), "", ""
    ).snippet
    shown, carets, _ = snippet.split("\n")

    assert len(shown) < 120
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "bad"


def test_wide_characters_take_two_columns() -> None:
    """A caret below Korean stands where it should on a screen."""
    position = SourcePosition(Source("f", ("상품: 값",)), 1, 5, 1)

    assert (
        ValidationError(position, "", "").snippet.split("\n")[1]
        == " " * 7 + " " * 6 + "^^"
    )


def test_no_message_can_steer_a_terminal() -> None:
    """A scenario may hold escapes."""
    error = ValidationError(SourcePosition(Source("f\x1b[2J")), "a\nb", "\x1b]0;x\x07")

    assert rendered([error]).isascii()
    assert "\x1b" not in rendered([error])


def test_a_flood_of_errors_is_cut() -> None:
    """The number is told all the same."""
    position = SourcePosition(Source("f"))
    text = str(
        InvalidScenario(ValidationError(position, "", f"{i}") for i in range(1_000))
    )

    assert "... and 950 more\n1000 problems, nothing was run." in text
    assert len(text.splitlines()) == 52


def test_an_invalid_scenario_survives_a_process_boundary() -> None:
    """Workers of a sweep report what is wrong."""
    error = InvalidScenario([KEY])

    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own
