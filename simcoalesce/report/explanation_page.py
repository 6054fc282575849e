"""An explanation as one HTML file, without scripts and without a network."""

from collections.abc import Iterator
from html import escape
from typing import Final

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.explanation_bars import counterfactual_bars, waterfall
from simcoalesce.report.explanation_changes import CHANGES
from simcoalesce.report.explanation_law import law_plot
from simcoalesce.report.explanation_multiples import multiples
from simcoalesce.report.explanation_sections import CAUSES, LAW, sections
from simcoalesce.report.explanation_text import reproduce
from simcoalesce.report.explanation_words import headline
from simcoalesce.report.inline_chart import STORY, inline_charts
from simcoalesce.report.page import page, section_html


def explanation_page(explanation: Explanation) -> str:
    """Return an explanation as one HTML file; the same explanation, the same bytes."""
    scenario = explanation.scenario
    first, *others = sections(explanation)
    parts = [*section_html(first)]
    parts += inline_charts(explanation.outcomes, scenario, kinds=STORY)
    for section in others:
        parts += section_html(section)
        if section.title in _DRAWINGS:
            parts += _DRAWINGS[section.title](explanation)
    parts.append(f"<p>Reproduce: <code>{escape(reproduce(explanation))}</code></p>")
    title = scenario.title or scenario.label
    return page(title, _under(explanation), headline(explanation), parts)


def _under(explanation: Explanation) -> str:
    seeds = f"{explanation.replications} seeds, {explanation.runs:,} runs"
    return f"{explanation.scenario.label} · seed {explanation.seed} · {seeds}"


def _law(explanation: Explanation) -> Iterator[str]:
    if explanation.law is not None:
        yield _wide(law_plot(explanation.law, explanation.outcomes))


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


_DRAWINGS: Final = {LAW: _law, CHANGES: _changes, CAUSES: _causes}
"""What is drawn below a section."""
