"""Pages: reports as one HTML file, without scripts and without a network."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from simcoalesce.report.blocks.block import Block

_STYLE: Final = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #222222; --faint: #6a6a6a;
  --axis: #9a9a9a; --grid: #e6e6e6; --door: #f6ecd9; --door-light: #fbf7ef;
  --line: #1f6f9c; --origin: #c47f00; --refused: #d55e00; --cached: #9fd0ea; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); max-width: 62rem; margin: 2rem auto;
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
@media (prefers-color-scheme: dark) { :root { --paper: #1c1c1c; --ink: #e4e4e4;
  --faint: #a8a8a8; --axis: #8a8a8a; --grid: #3a3a3a; --door: #33291a;
  --door-light: #2a2216; --line: #5aaede; --origin: #e69f00; --refused: #ff7b3a;
  --cached: #2f6a8c; }
  .good { color: #57ab5a; } .bad { color: #f47067; }
  .so { color: #c69026; } }
.drawing { min-width: 38rem; max-width: 52rem; margin: .8rem 0; }
.multiples { display: grid; gap: .9rem 1.4rem;
  grid-template-columns: repeat(auto-fill, minmax(13.5rem, 1fr)); }
figure { margin: 1rem 0; overflow-x: auto; }
figure svg { width: 100%; height: auto; display: block; }
code, pre { font-size: .88rem; } pre { overflow-x: auto; } summary { cursor: pointer; }
@media (max-width: 40rem) { .n { white-space: normal; }
  th, td { padding: .25rem .35rem; }
  td:last-child { min-width: 7rem; } figure svg { min-width: 36rem; } }
@media print { h2 { break-after: avoid; } tr { break-inside: avoid; } }
"""
_CLASSES: Final = {
    **dict.fromkeys(("FIXES", "HOLDS", "NEEDED", "✓", "agrees"), "good"),
    **dict.fromkeys(("WORSE", "FAILS", "does harm", "✗", "differs"), "bad"),
    **dict.fromkeys(
        ("PARTLY", "UNDECIDED", "hides it", "helps, not enough", "?", "!"), "so"
    ),
}


def page(title: str, under: str, lead: str, parts: Iterable[str]) -> str:
    """Return a page: a heading, what it is of, its first sentence, and all the rest.

    Args:
        title: Plain text, as `under` and `lead`.
        under: What was run, in a line.
        lead: The sentence for those who read no more.
        parts: HTML.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n"
        f'<p class="faint">{escape(under)}</p>\n'
        f'<p class="lead">{escape(lead)}</p>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def folded(title: str, text: str) -> str:
    """Return a plain text that unfolds under a title."""
    summary = f"<summary>{escape(title)}</summary>"
    return f"<details>{summary}<pre>{escape(text)}</pre></details>"


def block_html(section: Block) -> Iterator[str]:
    """Yield the parts of a section."""
    yield f"<h2>{escape(section.title)}</h2>"
    for line in section.lines:
        yield f"<p>{escape(line)}</p>"
    if section.header:
        yield f'<div class="wide"><table>{_head(section)}{_body(section)}</table></div>'
    for note in section.notes:
        yield f'<p class="faint">{escape(note)}</p>'


def _head(section: Block) -> str:
    if not any(section.header):
        return ""
    points = (
        f'<th scope="col"{_numeric(section, place)}>{escape(name)}</th>'
        for place, name in enumerate(section.header)
    )
    return f"<thead><tr>{''.join(points)}</tr></thead>"


def _body(section: Block) -> str:
    rows = (f"<tr>{_cells(section, row)}</tr>" for row in section.rows)
    return f"<tbody>{''.join(rows)}</tbody>"


def _cells(section: Block, row: Sequence[str]) -> str:
    points = []
    for place, text in enumerate(row):
        told = _CLASSES.get(text)
        shown = f'<span class="{told}">{escape(text)}</span>' if told else escape(text)
        points.append(f"<td{_numeric(section, place)}>{shown}</td>")
    return "".join(points)


def _numeric(section: Block, place: int) -> str:
    return ' class="n"' if place in section.numbers else ""
