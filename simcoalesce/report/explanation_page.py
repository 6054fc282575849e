"""An explanation as a page: one file, without scripts, without a network."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.explanation_bars import counterfactual_bars, waterfall
from simcoalesce.report.explanation_law import law_plot
from simcoalesce.report.explanation_multiples import multiples
from simcoalesce.report.explanation_sections import (
    CAUSES,
    CHANGES,
    LAW,
    Section,
    sections,
)
from simcoalesce.report.explanation_text import reproduce
from simcoalesce.report.explanation_words import headline
from simcoalesce.report.look import save_charts

_STYLE: Final = """
:root { color-scheme: light dark; --origin: #c47f00; --refused: #d55e00;
  --cached: #9fd0ea; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .3rem; } h2 { font-size: 1.15rem;
  margin: 2.2rem 0 .5rem; border-bottom: 1px solid #8884; padding-bottom: .2rem; }
.lead { font-size: 1.15rem; } .faint { opacity: .7; font-size: .88rem; }
.wide { overflow-x: auto; } td:first-child:not(.n) { min-width: 11rem; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { padding: .25rem .6rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid #8883; }
th { font-weight: 600; } .n { text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
.good { color: #1a7f37; font-weight: 600; } .bad { color: #c93c37; font-weight: 600; }
.so { color: #9a6700; font-weight: 600; }
@media (prefers-color-scheme: dark) { .good { color: #57ab5a; } .bad { color: #f47067; }
  .so { color: #c69026; }
  :root { --origin: #e69f00; --refused: #ff7b3a; --cached: #2f6a8c; } }
.drawing { min-width: 38rem; max-width: 52rem; margin: .8rem 0; }
.multiples { display: grid; gap: .9rem 1.4rem;
  grid-template-columns: repeat(auto-fill, minmax(13.5rem, 1fr)); }
img { width: 100%; background: white; border-radius: 6px; }
code { font-size: .88rem; }
@media print { h2 { break-after: avoid; } tr { break-inside: avoid; } }
"""
_CLASSES: Final = {
    **dict.fromkeys(("FIXES", "HOLDS", "NEEDED"), "good"),
    **dict.fromkeys(("WORSE", "FAILS", "does harm"), "bad"),
    **dict.fromkeys(("PARTLY", "DEPENDS", "hides it", "helps, not enough"), "so"),
}
_CHARTS: Final = ("arrivals_by_outcome", "origin_calls_and_limit")


def explanation_page(explanation: Explanation) -> str:
    """Return an explanation as one HTML file; the same explanation, the same bytes."""
    scenario = explanation.scenario
    title = escape(scenario.title or scenario.label)
    first, *others = sections(explanation)
    parts = [
        f"<h1>{title}</h1>",
        f'<p class="faint">{escape(_under(explanation))}</p>',
        f'<p class="lead">{escape(headline(explanation))}</p>',
        *_section(first),
        *_charts(explanation),
    ]
    drawings = {
        LAW: _law,
        CHANGES: _changes,
        CAUSES: _causes,
    }
    for section in others:
        parts += _section(section)
        if section.title in drawings:
            parts += drawings[section.title](explanation)
    parts.append(f"<p>Reproduce: <code>{escape(reproduce(explanation))}</code></p>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _under(explanation: Explanation) -> str:
    seeds = f"{explanation.replications} paired seeds"
    return f"{explanation.scenario.label} · seed {explanation.seed} · {seeds}"


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{escape(section.title)}</h2>"
    for line in section.lines:
        yield f"<p>{escape(line)}</p>"
    if section.header:
        yield f'<div class="wide"><table>{_head(section)}{_body(section)}</table></div>'
    for note in section.notes:
        yield f'<p class="faint">{escape(note)}</p>'


def _head(section: Section) -> str:
    if not any(section.header):
        return ""
    cells = (
        f'<th scope="col"{_numeric(section, place)}>{escape(name)}</th>'
        for place, name in enumerate(section.header)
    )
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def _body(section: Section) -> str:
    rows = (f"<tr>{_cells(section, row)}</tr>" for row in section.rows)
    return f"<tbody>{''.join(rows)}</tbody>"


def _cells(section: Section, row: Sequence[str]) -> str:
    cells = []
    for place, text in enumerate(row):
        told = _CLASSES.get(text)
        shown = f'<span class="{told}">{escape(text)}</span>' if told else escape(text)
        cells.append(f"<td{_numeric(section, place)}>{shown}</td>")
    return "".join(cells)


def _numeric(section: Section, place: int) -> str:
    return ' class="n"' if place in section.numbers else ""


def _charts(explanation: Explanation) -> Iterator[str]:
    """Yield the charts of the story's run, each within the page."""
    with TemporaryDirectory() as folder:
        drawn = save_charts(explanation.outcomes, explanation.scenario, folder)
        for path in drawn:
            if path.suffix == ".svg" and path.stem in _CHARTS:
                yield _image(path)


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


def _image(path: Path) -> str:
    code = b64encode(path.read_bytes()).decode("ascii")
    name = escape(path.stem.replace("_", " "))
    return f'<p><img alt="{name}" src="data:image/svg+xml;base64,{code}"></p>'
