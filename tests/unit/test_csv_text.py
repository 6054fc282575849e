"""CSV holds any text, reads back equal, and computes nothing."""

import csv
from io import StringIO

import pytest

from simcoalesce.csv_text import csv_text, guarded_cell, read_rows


@pytest.mark.parametrize(
    "cell",
    [
        "a\rb",
        "a\r\nb",
        "a\nb",
        '"',
        "a,b",
        "",
        " ",
        "=A1",
        "'=A1",
        "''",
        "-1",
        "x" * 200_000,
    ],
)
def test_any_text_reads_back_equal(cell: str) -> None:
    """Line ends, quotes, formulas, and cells longer than csv reads by default."""
    rows = [["point", "key"], ["1", cell]]

    assert [*read_rows(StringIO(csv_text(rows), newline=""))] == rows


def test_every_reader_finds_the_same_rows() -> None:
    """A carriage return alone ends no row."""
    text = csv_text([["a\rb", "c"], ["d", "e"]])

    assert [*csv.reader(StringIO(text, newline=""))] == [["a\rb", "c"], ["d", "e"]]
    assert text == '"a\rb",c\nd,e\n'


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(1)", "\tx", "\rx", "-5ms"]
)
def test_a_formula_is_a_text(text: str) -> None:
    """An apostrophe says so to spreadsheets."""
    assert guarded_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-1", "+1.5", "-1e-05", "-.5", "5%", "a=b", "'a", "~"]
)
def test_a_number_is_a_number(text: str) -> None:
    """And a text that is no formula is itself."""
    assert guarded_cell(text) == text


def test_blank_lines_are_no_rows() -> None:
    """Wherever they are."""
    assert [*read_rows(StringIO("\na,b\n\n\r\n1,2\n\n", newline=""))] == [
        ["a", "b"],
        ["1", "2"],
    ]


def test_a_cut_cell_is_no_csv() -> None:
    """Its quote is never closed."""
    with pytest.raises(ValueError, match="unexpected end of data"):
        [*read_rows(StringIO('a,"b'))]


def test_the_limit_of_other_readers_stays() -> None:
    """It belongs to the whole process."""
    before = csv.field_size_limit()
    assert [*read_rows(StringIO("a"))] == [["a"]]

    assert csv.field_size_limit() == before
