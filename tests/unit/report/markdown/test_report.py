"""Reports as Markdown: what is pasted says what it is of."""

from simcoalesce.report.blocks.report import Block, Report, Toned
from simcoalesce.report.markdown.report import report_markdown


def test_a_report_begins_with_its_circumstances() -> None:
    """Without the seeds a pasted table cannot be made again."""
    block = Block("Numbers", header=("", "n"), rows=[(Toned("✗", "bad"), "7")])
    text = report_markdown(Report("a", "seed 9 · 30 runs", "Better.", (block,)))

    assert text.startswith("# a\n\nseed 9 · 30 runs\n\nBetter.\n\n## Numbers\n\n")
    assert text.endswith("| ✗ | 7 |\n")
