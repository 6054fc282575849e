"""Blocks in Markdown."""

from collections.abc import Iterator, Sequence

from simcoalesce.report.blocks.block import Block


def block_markdown(block: Block) -> Iterator[str]:
    """Yield the paragraphs of a block."""
    if block.title:
        yield f"## {block.title}"
    yield from block.lines
    if block.header:
        yield table_markdown(block)
    yield from block.notes


def table_markdown(block: Block) -> str:
    """Return the table of a block."""
    marks = [
        "---:" if column in block.numbers else "---"
        for column in range(len(block.header))
    ]
    return "\n".join(_line(row) for row in (block.header, marks, *block.rows))


def _line(row: Sequence[str]) -> str:
    escaped = [text.replace("|", r"\|") for text in row]
    return f"| {' | '.join(escaped)} |"
