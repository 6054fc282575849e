"""An explanation in Markdown: a post-mortem to paste."""

from collections.abc import Iterator, Sequence

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.explanation_sections import sections
from simcoalesce.report.explanation_text import reproduce
from simcoalesce.report.explanation_words import headline
from simcoalesce.report.section import Section


def explanation_markdown(explanation: Explanation) -> str:
    """Return an explanation as Markdown, with an end of line at its end."""
    title = explanation.scenario.title or explanation.scenario.label
    blocks = [f"# {title}", headline(explanation)]
    for section in sections(explanation):
        blocks += _blocks(section)
    blocks.append(f"Reproduce: `{reproduce(explanation)}`")
    return "\n\n".join(blocks) + "\n"


def _blocks(section: Section) -> Iterator[str]:
    yield f"## {section.title}"
    yield from section.lines
    if section.header:
        yield _table(section)
    yield from section.notes


def _table(section: Section) -> str:
    marks = [
        "---:" if place in section.numbers else "---"
        for place in range(len(section.header))
    ]
    return "\n".join(_line(row) for row in (section.header, marks, *section.rows))


def _line(cells: Sequence[str]) -> str:
    escaped = [cell.replace("|", r"\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"
