"""An explanation on a terminal."""

from textwrap import wrap
from typing import Final

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.explanation import explanation_blocks
from simcoalesce.report.blocks.explanation_sentences import headline
from simcoalesce.report.blocks.reproduce import reproduce
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.terminal.colour import coloured
from simcoalesce.report.terminal.lines import block_lines, heading
from simcoalesce.report.terminal.sparkline import timeline

WIDTH: Final = 120
_STYLES: Final = {
    r"(?m)^[A-Z][A-Z0-9 :(),-]+$": "bold",
    r"\bFIXES\b|\bNEEDED\b|\bHOLDS\b|✓ ": "green",
    r"\bWORSE\b|\bFAILS\b|✗ ": "bold red",
    r"\bPARTLY\b|\bUNDECIDED\b|hides it|helps, not enough": "yellow",
}


def explanation_text(explanation: Explanation, *, colour: bool = False) -> str:
    """Return an explanation as lines of at most 120 columns.

    Args:
        explanation: What to tell.
        colour: Whether to add ANSI colours, for a terminal.
    """
    scenario = explanation.scenario
    name = " · ".join(filter(None, [scenario.title, scenario.label]))
    seeds = f"seed {explanation.seed} · {explanation.replications} paired seeds"
    lines = [*heading(name, seeds, WIDTH), *wrap(headline(explanation), WIDTH)]
    run = RunView(explanation.outcomes, scenario, explanation.seed)
    for block in explanation_blocks(explanation):
        lines += ["", *block_lines(block, WIDTH)]
        if "arrivals_by_outcome" in block.pictures:
            lines += ["", *timeline(run, width=WIDTH)]
    lines += ["", f"Reproduce: {reproduce(explanation)}"]
    text = "\n".join(line.rstrip() for line in lines)
    return coloured(text, _STYLES) if colour else text
