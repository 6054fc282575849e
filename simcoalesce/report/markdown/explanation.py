"""An explanation in Markdown: a post-mortem to paste."""

from collections.abc import Iterator, Sequence

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.explanation import explanation_blocks
from simcoalesce.report.blocks.explanation_sentences import headline
from simcoalesce.report.terminal.explanation import reproduce


def explanation_markdown(explanation: Explanation) -> str:
    """Return an explanation as Markdown, with an end of line at its end."""
    title = explanation.scenario.title or explanation.scenario.label
    blocks = [f"# {title}", headline(explanation)]
    for section in explanation_blocks(explanation):
        blocks += _blocks(section)
    blocks.append(f"Reproduce: `{reproduce(explanation)}`")
    return "\n\n".join(blocks) + "\n"


def _blocks(section: Block) -> Iterator[str]:
    yield f"## {section.title}"
    yield from section.lines
    if section.header:
        yield _table(section)
    yield from section.notes


def _table(section: Block) -> str:
    marks = [
        "---:" if place in section.numbers else "---"
        for place in range(len(section.header))
    ]
    return "\n".join(_line(row) for row in (section.header, marks, *section.rows))


def _line(points: Sequence[str]) -> str:
    escaped = [cell.replace("|", r"\|") for cell in points]
    return f"| {' | '.join(escaped)} |"
