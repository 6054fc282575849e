"""Pages: reports as one HTML file, which needs no network, and no scripts either."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from simcoalesce.experiment.result import tool
from simcoalesce.report.blocks.number_format import held
from simcoalesce.report.blocks.report import Block, Report, tone_of
from simcoalesce.report.html.inline_picture import inline_pictures
from simcoalesce.report.html.inlined import policy, scripts, style
from simcoalesce.scenario.effective_config import plain_config
from simcoalesce.scenario.scenario import Scenario

_AGAIN: Final = "How to make it again"


def page(report: Report) -> str:
    """Return a report as one HTML file; the same report, the same bytes.

    All is there as text, tables and pictures. Scripts make charts of the pictures that
    have numbers, and let tables be sorted.
    """
    parts: list[str] = []
    for place, block in enumerate(report.blocks):
        parts += _block(block, report.subjects, place)
    if report.command:
        parts.append(f"<p>Reproduce: <code>{escape(report.command)}</code></p>")
    if report.made_of:
        parts += _made_of(report.made_of, len(report.blocks))
    library, own = scripts()
    links = _links(report)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{style()}</style></head>\n"
        f'<body><div class="page">{_contents(links)}<div>\n'
        + "\n".join([_head(report), _folded(links), "<main>", *parts, "</main>"])
        + f"\n</div></div>\n<script>{library}</script><script>{own}</script>\n"
        "</body></html>\n"
    )


def _head(report: Report) -> str:
    """Return what is seen first: what it is, the verdict, the numbers that matter."""
    tiles = "".join(
        f"<div><dt>{escape(one.what)}</dt><dd>{_toned(one.value, escape(one.value))}"
        f'<span class="range">{escape(one.note)}</span></dd></div>'
        for one in report.tiles
    )
    return "\n".join(
        [
            f"<header><h1>{escape(report.title)}</h1>",
            f'<p class="note">{escape(report.subtitle)}</p>',
            f'<p class="headline">{escape(report.headline)}</p>',
            *([f'<dl class="tiles">{tiles}</dl>'] if tiles else []),
            "</header>",
        ]
    )


def _links(report: Report) -> str:
    """Return the contents as a list; empty where there is not much to list."""
    titles = [(place, one.title) for place, one in enumerate(report.blocks)]
    titles += [(len(titles), _AGAIN)] if report.made_of else []
    found = [(place, title) for place, title in titles if title]
    links = "".join(
        f'<li><a href="#part-{place}">{escape(title)}</a></li>'
        for place, title in found
    )
    return f"<ul>{links}</ul>" if len(found) > 1 else ""


def _contents(links: str) -> str:
    return f'<nav class="contents" aria-label="Contents">{links}</nav>' if links else ""


def _folded(links: str) -> str:
    """Return the contents as a phone shows them: a line that opens."""
    if not links:
        return ""
    summary = "<summary>Contents</summary>"
    return (
        '<nav class="folded" aria-label="Contents">'
        f"<details>{summary}{links}</details></nav>"
    )


def _made_of(scenario: Scenario, place: int) -> Iterator[str]:
    """Yield what a page was made of, and by what: enough to make it again."""
    by = tool()
    told = (
        f"Made by simcoalesce {by['version']}, version {by['model_version']} of the"
        f" model, from the scenario below (SHA-256 {scenario.sha256})."
    )
    yield from _block(Block(_AGAIN, lines=(told,)), (), place)
    text = escape(plain_config(scenario))
    yield f"<details><summary>The whole scenario</summary><pre>{text}</pre></details>"


def _block(block: Block, subjects: Iterable[object], place: int) -> Iterator[str]:
    """Yield the parts of a block, and the pictures of it that the subjects allow."""
    yield f'<section id="part-{place}">'
    if block.title:
        yield f"<h2>{escape(block.title)}</h2>"
    for line in block.lines:
        yield f"<p>{_toned(line, escape(line))}</p>"
    if block.header:
        name = escape(block.title or "Numbers")
        yield (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">'
            f"{table_html(block)}</div>"
        )
    for note in block.notes:
        yield f'<p class="note">{escape(note)}</p>'
    yield from inline_pictures(block.pictures, *subjects, has_scripts=True)
    yield "</section>"


def table_html(block: Block) -> str:
    """Return the table of a block."""
    head = "".join(
        f'<th scope="col"{_numeric(block, column)}>{escape(name)}</th>'
        if name
        else "<td></td>"
        for column, name in enumerate(block.header)
    )
    head = f"<thead><tr>{head}</tr></thead>" if any(block.header) else ""
    rows = "".join(f"<tr>{_columns(block, row)}</tr>" for row in block.rows)
    kind = ' class="steps"' if block.has_steps else ""
    return f"<table{kind}>{head}<tbody>{rows}</tbody></table>"


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
