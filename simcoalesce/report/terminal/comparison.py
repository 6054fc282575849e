"""A comparison on a terminal."""

from typing import TYPE_CHECKING, Final

from simcoalesce.report.blocks.comparison import (
    comparison_block,
    comparison_sentence,
    comparison_title,
    seeds_text,
)
from simcoalesce.report.terminal.lines import heading, table_lines, wrapped

if TYPE_CHECKING:
    from simcoalesce.experiment.compare import Comparison

_WIDTH: Final = 100


def comparison_text(comparison: "Comparison") -> str:
    """Return a comparison as text, without an end of line behind the last."""
    block = comparison_block(comparison)
    below = [comparison_sentence(comparison), *block.notes]
    lines = [
        *heading(comparison_title(comparison), seeds_text(comparison), _WIDTH),
        *(line for change in block.lines for line in wrapped(change, _WIDTH, "  ")),
        "",
        *table_lines(block, _WIDTH),
        "",
        *(line for text in below for line in wrapped(text, _WIDTH)),
    ]
    return "\n".join(line.rstrip() for line in lines)
