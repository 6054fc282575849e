"""An explanation as one HTML file, without scripts and without a network."""

from html import escape

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.explanation import explanation_blocks
from simcoalesce.report.blocks.explanation_sentences import headline
from simcoalesce.report.blocks.reproduce import reproduce
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.html.page import block_html, page


def explanation_page(explanation: Explanation) -> str:
    """Return an explanation as one HTML file; the same explanation, the same bytes."""
    scenario = explanation.scenario
    run = RunView(explanation.outcomes, scenario, explanation.seed)
    parts = [
        part
        for block in explanation_blocks(explanation)
        for part in block_html(block, run, explanation)
    ]
    parts.append(f"<p>Reproduce: <code>{escape(reproduce(explanation))}</code></p>")
    seeds = f"{explanation.replications} seeds, {explanation.runs:,} runs"
    under = f"{scenario.label} · seed {explanation.seed} · {seeds}"
    return page(scenario.title or scenario.label, under, headline(explanation), parts)
