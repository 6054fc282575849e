"""Reports and blocks as lines of a terminal."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from simcoalesce.report.blocks.number_format import NO_BREAK, held
from simcoalesce.report.blocks.report import Block, Report, tone_of
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.terminal.colour import painted
from simcoalesce.report.terminal.sparkline import timeline
from simcoalesce.visible import visible_line

WIDTH: Final = 120
"""Where there is no terminal."""
_GAP: Final = 2
_STYLES: Final = {"good": "green", "bad": "bold red", "warn": "yellow"}
"""By tone."""
_NARROWEST: Final = 20


def report_text(report: Report, *, colour: bool = False, width: int = WIDTH) -> str:
    """Return a report as lines, without an end of line.

    Args:
        report: What to tell.
        colour: Whether to add ANSI colours, for a terminal.
        width: How many columns to use.
    """
    lines = heading(report.title, report.subtitle, width)
    lines += wrapped(report.headline, width)
    for block in report.blocks:
        lines += ["", *_block(block, width, colour=colour)]
        if "arrivals_by_outcome" in block.pictures:
            runs = (one for one in report.subjects if isinstance(one, RunView))
            lines += [line for run in runs for line in ("", *timeline(run, width))]
    if report.command:
        lines += ["", f"Reproduce: {report.command}"]
    return "\n".join(visible_line(line).rstrip() for line in lines)


def heading(name: str, told: str, width: int) -> list[str]:
    """Return a name, and to the right what to know of it: in one line, if it fits."""
    room = width - len(told) - _GAP
    if len(name) > room:
        return [*wrap(name, width), f"{told:>{width}}"]
    return [f"{name:<{room}}{'':{_GAP}}{told}"]


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return a text in lines, with a number and its % in one of them."""
    lines = wrap(
        held(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent * 2,
        break_on_hyphens=False,
    )
    return [line.replace(NO_BREAK, " ") for line in lines]


def _block(block: Block, width: int, *, colour: bool) -> list[str]:
    title = block.title.upper()
    above, below = (
        [
            _toned(line, text, colour=colour)
            for text in texts
            for line in wrapped(text, width, "  ")
        ]
        for texts in (block.lines, block.notes)
    )
    return [
        *([painted(title, "bold") if colour else title] if title else ()),
        *above,
        *table_lines(block, width, colour=colour),
        *below,
    ]


def _toned(line: str, text: str, *, colour: bool) -> str:
    """Return a line with a part of a text, in the colour of the text's tone."""
    tone, shown = tone_of(text), line.strip()
    if not (colour and tone and shown):
        return line
    return line.replace(shown, painted(shown, _STYLES[tone]))


def table_lines(
    block: Block, width: int, first: int = 0, *, colour: bool = False
) -> list[str]:
    """Return the table of a block, two columns from the left.

    Args:
        block: It.
        width: Of the terminal; the widest text gives way.
        first: How wide the first column is at least.
        colour: Whether to add ANSI colours.
    """
    if not block.header:
        return []
    rows = [*[block.header] * any(block.header), *block.rows]
    widths = [max(1, *map(len, column)) for column in zip(*rows, strict=True)]
    widths[0] = max(widths[0], first)
    _narrow(widths, block.numbers, width)
    if sum(widths) + _GAP * len(widths) > width:
        return _stacked(block, width, colour=colour)
    return [
        line for row in rows for line in _row(row, widths, block.numbers, colour=colour)
    ]


def _narrow(widths: list[int], numbers: Sequence[int], width: int) -> None:
    """Let texts give way, the widest first, until a table fits or none can."""
    texts = [column for column in range(len(widths)) if column not in numbers]
    while (excess := sum(widths) + _GAP * len(widths) - width) > 0:
        widest = max(texts, key=lambda column: widths[column], default=0)
        if not texts or widths[widest] <= _NARROWEST:
            return
        others = [widths[column] for column in texts if column != widest]
        floor = max(_NARROWEST, min(max(others, default=0), widths[widest] - 1))
        widths[widest] = max(widths[widest] - excess, floor)


def _stacked(block: Block, width: int, *, colour: bool) -> list[str]:
    """Return a table whose columns do not fit: each row as a list of its cells."""
    lines: list[str] = []
    for row in block.rows:
        bare = [text for text, name in zip(row, block.header, strict=True) if not name]
        head = " ".join(text for text in bare if text) or row[0]
        lines += [
            _toned(line, text, colour=colour)
            for text in (head,)
            for line in wrapped(text, width, "  ")
        ]
        for text, name in zip(row, block.header, strict=True):
            if name and text and text != head:
                label = f"      {name}: "
                told = wrap(f"{label}{text}", width, subsequent_indent=" " * 8)
                lines += [_toned(line, text, colour=colour) for line in told]
    return lines


def _row(
    row: Sequence[str], widths: Sequence[int], numbers: Sequence[int], *, colour: bool
) -> list[str]:
    parts = [
        wrap(text, width, break_on_hyphens=False) or [""]
        for text, width in zip(row, widths, strict=True)
    ]
    lines = []
    for depth in range(max(map(len, parts))):
        texts = [part[depth] if depth < len(part) else "" for part in parts]
        padded = [
            f"{text:>{width}}" if column in numbers else f"{text:<{width}}"
            for column, (text, width) in enumerate(zip(texts, widths, strict=True))
        ]
        shown = [
            _toned(line, text, colour=colour)
            for line, text in zip(padded, row, strict=True)
        ]
        lines.append("  " + (" " * _GAP).join(shown))
    return lines
