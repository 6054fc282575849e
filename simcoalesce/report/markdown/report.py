"""Reports and blocks as Markdown."""

from collections.abc import Iterator, Sequence

from simcoalesce.report.blocks.report import Block, Report


def report_markdown(report: Report) -> str:
    """Return a report as Markdown, with an end of line at its end."""
    parts = [f"# {report.title}", report.subtitle, report.headline]
    for block in report.blocks:
        parts += _block(block)
    if report.command:
        parts.append(f"Reproduce: `{report.command}`")
    return "\n\n".join(parts) + "\n"


def table_markdown(block: Block) -> str:
    """Return the table of a block."""
    marks = [
        "---:" if column in block.numbers else "---"
        for column in range(len(block.header))
    ]
    return "\n".join(_line(row) for row in (block.header, marks, *block.rows))


def _block(block: Block) -> Iterator[str]:
    if block.title:
        yield f"## {block.title}"
    yield from block.lines
    if block.header:
        yield table_markdown(block)
    yield from block.notes


def _line(row: Sequence[str]) -> str:
    escaped = [text.replace("|", r"\|") for text in row]
    return f"| {' | '.join(escaped)} |"
