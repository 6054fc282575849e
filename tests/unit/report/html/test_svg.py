"""Drawings are well-formed, and take the page's colours."""

from xml.etree import ElementTree as ET

from simcoalesce.report.html.svg import box, drawing, line, text


def test_a_drawing_is_well_formed_whatever_is_written_in_it() -> None:
    """Names come from files."""
    parts = [text(0, 0, "a < b & c"), box(0, 0, (-1, 5), "red"), line([(0, 0), (1, 2)])]
    drawn = ET.fromstring(drawing(parts, width=10, height=5, name='"<x>"'))  # noqa: S314

    assert drawn.attrib["aria-label"] == '"<x>"'
    assert [part.tag for part in drawn] == ["text", "rect", "path"]


def test_a_box_has_no_negative_size() -> None:
    """A browser would not draw it."""
    assert 'width="0.0"' in box(0, 0, (-1, 5), "red")
