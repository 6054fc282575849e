"""Pages: one file, with nothing of a text taken for HTML."""

from simcoalesce.report.blocks.report import Block, Report, Toned
from simcoalesce.report.html.page import page


def test_texts_are_escaped() -> None:
    """Titles are free text."""
    block = Block("<", lines=("3 > 2",))
    text = page(Report("a <b>", "x & y", "1 < 2", (block,), command="a > b"))

    assert "<title>a &lt;b&gt;</title>" in text
    assert "<h1>a &lt;b&gt;</h1>" in text
    assert "x &amp; y" in text
    assert "<h2>&lt;</h2>\n<p>3 &gt; 2</p>" in text
    assert "Reproduce: <code>a &gt; b</code>" in text


def test_a_block_is_a_heading_with_its_table() -> None:
    """Columns of numbers are set to the right, a tone is a colour, a word is none."""
    rows = [(Toned("✗", "bad"), "7"), ("WORSE", "8")]
    block = Block("Numbers", header=("", "n"), rows=rows, numbers=(1,))

    html = page(Report("a", "b", "c", (block,)))

    assert "<h2>Numbers</h2>" in html
    assert '<td><span class="bad">✗</span></td><td class="number">7</td>' in html
    assert "<td>WORSE</td>" in html
    assert '<th scope="col" class="number">n</th>' in html
