"""An explanation in Markdown: a post-mortem to paste."""

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.explanation import explanation_blocks
from simcoalesce.report.blocks.explanation_sentences import headline
from simcoalesce.report.blocks.reproduce import reproduce
from simcoalesce.report.markdown.block import block_markdown


def explanation_markdown(explanation: Explanation) -> str:
    """Return an explanation as Markdown, with an end of line at its end."""
    title = explanation.scenario.title or explanation.scenario.label
    parts = [f"# {title}", headline(explanation)]
    for block in explanation_blocks(explanation):
        parts += block_markdown(block)
    parts.append(f"Reproduce: `{reproduce(explanation)}`")
    return "\n\n".join(parts) + "\n"
