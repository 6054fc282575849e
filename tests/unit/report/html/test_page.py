"""Pages: one file, with nothing of a text taken for HTML."""

from simcoalesce.report.blocks.block import Block
from simcoalesce.report.html.page import block_html, folded, page


def test_texts_are_escaped() -> None:
    """Titles are free text."""
    text = page("a <b>", "x & y", "1 < 2", [folded("<", ">")])

    assert "<title>a &lt;b&gt;</title>" in text
    assert "<h1>a &lt;b&gt;</h1>" in text
    assert "x &amp; y" in text
    assert "<summary>&lt;</summary><pre>&gt;</pre>" in text


def test_a_block_is_a_heading_with_its_table() -> None:
    """Columns of numbers are set to the right, verdicts in their colour."""
    block = Block("Numbers", header=("", "n"), rows=[("✗", "7")], numbers=(1,))

    html = "".join(block_html(block))

    assert "<h2>Numbers</h2>" in html
    assert '<td><span class="bad">✗</span></td><td class="number">7</td>' in html
    assert '<th scope="col" class="number">n</th>' in html
