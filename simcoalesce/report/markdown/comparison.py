"""A comparison in Markdown, to paste into a pull request."""

from typing import TYPE_CHECKING

from simcoalesce.report.blocks.comparison import (
    comparison_block,
    comparison_sentence,
    comparison_title,
)
from simcoalesce.report.markdown.block import block_markdown

if TYPE_CHECKING:
    from simcoalesce.experiment.compare import Comparison


def comparison_markdown(comparison: "Comparison") -> str:
    """Return a comparison in Markdown, without an end of line behind the last."""
    title = f"**{comparison_title(comparison)}**"
    parts = [title, comparison_sentence(comparison)]
    return "\n\n".join([*parts, *block_markdown(comparison_block(comparison))])
