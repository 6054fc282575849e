"""An explanation as one HTML file, without scripts and without a network."""

from collections.abc import Iterator
from html import escape
from typing import Final

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.counterfactuals import CHANGES
from simcoalesce.report.blocks.explanation import (
    CAUSES,
    CLOSED_FORM,
    explanation_blocks,
)
from simcoalesce.report.blocks.explanation_sentences import headline
from simcoalesce.report.html.inline_picture import STORY, inline_charts
from simcoalesce.report.html.page import block_html, page
from simcoalesce.report.pictures.closed_form import closed_form_plot
from simcoalesce.report.pictures.counterfactual_bars import (
    counterfactual_bars,
    waterfall,
)
from simcoalesce.report.pictures.small_multiples import multiples
from simcoalesce.report.terminal.explanation import reproduce


def explanation_page(explanation: Explanation) -> str:
    """Return an explanation as one HTML file; the same explanation, the same bytes."""
    scenario = explanation.scenario
    first, *others = explanation_blocks(explanation)
    parts = [*block_html(first)]
    parts += inline_charts(explanation.outcomes, scenario, kinds=STORY)
    for section in others:
        parts += block_html(section)
        if section.title in _DRAWINGS:
            parts += _DRAWINGS[section.title](explanation)
    parts.append(f"<p>Reproduce: <code>{escape(reproduce(explanation))}</code></p>")
    title = scenario.title or scenario.label
    return page(title, _under(explanation), headline(explanation), parts)


def _under(explanation: Explanation) -> str:
    seeds = f"{explanation.replications} seeds, {explanation.runs:,} runs"
    return f"{explanation.scenario.label} · seed {explanation.seed} · {seeds}"


def _closed_form(explanation: Explanation) -> Iterator[str]:
    if explanation.closed_form is not None:
        yield _wide(closed_form_plot(explanation.closed_form, explanation.outcomes))


def _changes(explanation: Explanation) -> Iterator[str]:
    yield _wide(counterfactual_bars(explanation))
    caption, panels = multiples(explanation)
    if panels:
        yield f'<p class="faint">{escape(caption)}</p>'
        yield f'<div class="multiples">{"".join(panels)}</div>'


def _causes(explanation: Explanation) -> Iterator[str]:
    if explanation.attribution is not None:
        yield _wide(waterfall(explanation.attribution))


def _wide(svg: str) -> str:
    """Return a drawing that a narrow screen scrolls, not shrinks."""
    return f'<div class="wide"><div class="drawing">{svg}</div></div>'


_DRAWINGS: Final = {CLOSED_FORM: _closed_form, CHANGES: _changes, CAUSES: _causes}
"""What is drawn below a section."""
