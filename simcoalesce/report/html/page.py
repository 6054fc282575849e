"""Pages: reports as one HTML file, without scripts and without a network."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from simcoalesce.experiment.result import tool
from simcoalesce.report.blocks.number_format import held
from simcoalesce.report.blocks.report import Block, Report, tone_of
from simcoalesce.report.html.inline_picture import inline_pictures
from simcoalesce.scenario.effective_config import plain_config
from simcoalesce.scenario.scenario import Scenario

_STYLE: Final = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #222222; --faint: #6a6a6a;
  --axis: #9a9a9a; --grid: #e6e6e6; --window: #f6ecd9;
  --window-light: #fbf7ef; --line: #1f6f9c; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); max-width: 62rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .3rem; } h2 { font-size: 1.15rem;
  margin: 2.2rem 0 .5rem; border-bottom: 1px solid #8884; padding-bottom: .2rem; }
.headline { font-size: 1.15rem; } .note { opacity: .7; font-size: .88rem; }
.scroll { overflow-x: auto; } td:first-child:not(.number) { min-width: 11rem; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { padding: .25rem .6rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid #8883; }
th { font-weight: 600; } .number { text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
.good { color: #1a7f37; font-weight: 600; } .bad { color: #c93c37; font-weight: 600; }
.warn { color: #9a6700; font-weight: 600; }
@media (prefers-color-scheme: dark) { :root { --paper: #1c1c1c; --ink: #e4e4e4;
  --faint: #a8a8a8; --axis: #8a8a8a; --grid: #3a3a3a; --window: #33291a;
  --window-light: #2a2216; --line: #5aaede; }
  .good { color: #57ab5a; } .bad { color: #f47067; }
  .warn { color: #c69026; } }
figure { margin: 1rem 0; overflow-x: auto; }
code, pre { font-size: .88rem; } pre { overflow-x: auto; } summary { cursor: pointer; }
@media (max-width: 40rem) { .number { white-space: normal; }
  th, td { padding: .25rem .35rem; }
  td:last-child { min-width: 7rem; } figure svg { max-width: 38rem !important; } }
p { overflow-wrap: anywhere; }
@page { margin: 14mm; }
@media print { h2 { break-after: avoid; } tr, figure { break-inside: avoid; }
  body { margin: 0; max-width: none; padding: 0; font-size: 10pt; }
  .scroll, figure, pre { overflow: visible; } pre { white-space: pre-wrap; }
  table { font-size: 7.5pt; } th, td { padding: .15rem .3rem; }
  .number { white-space: normal; } td:first-child:not(.number) { min-width: 0; } }
"""


def page(report: Report) -> str:
    """Return a report as one HTML file; the same report, the same bytes."""
    parts = [
        f"<h1>{escape(report.title)}</h1>",
        f'<p class="note">{escape(report.subtitle)}</p>',
        f'<p class="headline">{escape(report.headline)}</p>',
    ]
    for block in report.blocks:
        parts += _block(block, report.subjects)
    if report.command:
        parts.append(f"<p>Reproduce: <code>{escape(report.command)}</code></p>")
    if report.made_of:
        parts += _made_of(report.made_of)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _made_of(scenario: Scenario) -> Iterator[str]:
    """Yield what a page was made of, and by what: enough to make it again."""
    by = tool()
    told = (
        f"Made by simcoalesce {by['version']}, version {by['model_version']} of the"
        f" model, from the scenario below (SHA-256 {scenario.sha256})."
    )
    yield from _block(Block("How to make it again", lines=(told,)), ())
    text = escape(plain_config(scenario))
    yield f"<details><summary>The whole scenario</summary><pre>{text}</pre></details>"


def _block(block: Block, subjects: Iterable[object]) -> Iterator[str]:
    """Yield the parts of a block, and the pictures of it that the subjects allow."""
    if block.title:
        yield f"<h2>{escape(block.title)}</h2>"
    for line in block.lines:
        yield f"<p>{_toned(line, escape(line))}</p>"
    if block.header:
        yield f'<div class="scroll">{table_html(block)}</div>'
    for note in block.notes:
        yield f'<p class="note">{escape(note)}</p>'
    yield from inline_pictures(block.pictures, *subjects)


def table_html(block: Block) -> str:
    """Return the table of a block."""
    head = "".join(
        f'<th scope="col"{_numeric(block, column)}>{escape(name)}</th>'
        for column, name in enumerate(block.header)
    )
    head = f"<thead><tr>{head}</tr></thead>" if any(block.header) else ""
    rows = "".join(f"<tr>{_columns(block, row)}</tr>" for row in block.rows)
    return f"<table>{head}<tbody>{rows}</tbody></table>"


def _columns(block: Block, row: Sequence[str]) -> str:
    return "".join(
        f"<td{_numeric(block, column)}>{_toned(text, escape(held(text)))}</td>"
        for column, text in enumerate(row)
    )


def _toned(text: str, shown: str) -> str:
    """Return what is shown of a text, in the colour of its tone."""
    tone = tone_of(text)
    return f'<span class="{tone}">{shown}</span>' if tone else shown


def _numeric(block: Block, column: int) -> str:
    return ' class="number"' if column in block.numbers else ""
