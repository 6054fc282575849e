"""Rows to one scale, in percent of it."""

from simcoalesce.report.panels.row_chart import ChartRow, row_chart


def test_a_row_lies_on_the_scale_and_what_is_beyond_ends_there() -> None:
    """From -50 to 150: 0 is at a quarter, 250 at the right end."""
    row = ChartRow("a", "text", bar=(0, 50), interval=(-50, 250), dot=100)

    (view,) = row_chart([row], (-50, 150), {"goal": 0}, (-50, 0))

    (shown,) = view["rows"]
    assert shown["bar"] == [25, 50]
    assert shown["interval"] == [0, 100]
    assert shown["dot"] == 75
    assert view["marks"] == [{"at": 25, "label": "goal"}]
    assert view["within"] == [0, 25]


def test_a_name_commands_nobody() -> None:
    """Control characters are written out, as in every form."""
    (view,) = row_chart([ChartRow("a\x1b[2J", "b")], (0, 1))

    assert "\x1b" not in view["rows"][0]["name"]
