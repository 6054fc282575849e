"""Reports on a terminal: a tone is a colour, whatever the words are."""

import re

from simcoalesce.report.blocks.report import Block, Report, Toned
from simcoalesce.report.terminal.report import report_text


def a_report(*rows: tuple[str, ...], line: str = "") -> Report:
    """Return a report of one table with a line above."""
    block = Block("Numbers", lines=(line,), header=("", "verdict"), rows=rows)
    return Report("a", "b", "c", (block,))


def test_a_tone_is_a_colour_and_a_word_is_none() -> None:
    """The colour comes from where the text is worded, not from its letters."""
    rows = [("one", Toned("mends", "good")), ("two", "FIXES"), ("six", Toned("", None))]
    text = report_text(a_report(*rows), colour=True)

    assert "  one  \x1b[32mmends\x1b[0m\n  two  FIXES\n" in text
    assert "\x1b[1mNUMBERS\x1b[0m" in text


def test_colours_move_no_column() -> None:
    """Without the escape codes it is the plain text, in long lines, too."""
    line = Toned("far too many words " * 20, "bad")
    report = a_report((Toned("x", "warn"), "7"), ("longer", "8"), line=line)
    plain, coloured = (report_text(report, colour=on) for on in (False, True))

    assert coloured.count("\x1b[1;31m") > 2
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
