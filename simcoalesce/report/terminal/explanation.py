"""An explanation on a terminal."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.explanation import explanation_blocks
from simcoalesce.report.blocks.explanation_sentences import headline
from simcoalesce.report.terminal.colour import coloured
from simcoalesce.report.terminal.sparkline import timeline

WIDTH: Final = 120
_GAP: Final = 2
_NARROWEST: Final = 24
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
    lines = [*_title(explanation), *wrap(headline(explanation), WIDTH)]
    for place, section in enumerate(explanation_blocks(explanation)):
        lines += ["", section.title.upper(), *_body(section)]
        if place == 0:
            drawn = timeline(
                explanation.outcomes, scenario, seed=explanation.seed, width=WIDTH
            )
            lines += ["", *drawn]
    lines += ["", f"Reproduce: {reproduce(explanation)}"]
    text = "\n".join(line.rstrip() for line in lines)
    return coloured(text, _STYLES, width=WIDTH) if colour else text


def _title(explanation: Explanation) -> list[str]:
    """Return the name and the seeds: in one line, if there is room."""
    scenario = explanation.scenario
    name = " · ".join(filter(None, [scenario.title, scenario.label]))
    seeds = f"seed {explanation.seed} · {explanation.replications} paired seeds"
    room = WIDTH - len(seeds) - _GAP
    if len(name) > room:
        return [*wrap(name, WIDTH), f"{seeds:>{WIDTH}}"]
    return [f"{name:<{room}}{'':{_GAP}}{seeds}"]


def reproduce(explanation: Explanation) -> str:
    """Return the command that gives the same explanation."""
    scenario = explanation.scenario
    variant = f"@{scenario.variant}" if scenario.variant else ""
    file = f"{scenario.source or scenario.name}{variant}"
    overrides = "".join(f" -s {change}" for change in scenario.overrides)
    return (
        f"simcoalesce explain {file}{overrides} --seed {explanation.seed}"
        f" --reps {explanation.replications}"
    )


def _body(section: Block) -> list[str]:
    lines = [line for told in section.lines for line in _wrapped(told)]
    lines += _table(section)
    return lines + [line for told in section.notes for line in _wrapped(told)]


def _wrapped(text: str) -> list[str]:
    return wrap(
        text,
        WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_on_hyphens=False,
    )


def _table(section: Block) -> list[str]:
    if not section.header:
        return []
    has_names = any(section.header)
    rows = [section.header, *section.rows] if has_names else list(section.rows)
    widths = _widths(section, rows)
    return [line for row in rows for line in _row(row, widths, section.numbers)]


def _widths(section: Block, rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the widths of the columns; the widest text gives way to a width."""
    widths = [max(1, *map(len, column)) for column in zip(*rows, strict=True)]
    excess = 2 + sum(widths) + _GAP * (len(widths) - 1) - WIDTH
    if excess > 0:
        texts = [i for i in range(len(widths)) if i not in section.numbers]
        widest = max(texts, key=lambda place: widths[place])
        widths[widest] = max(widths[widest] - excess, _NARROWEST)
    return widths


def _row(
    points: Sequence[str], widths: Sequence[int], numbers: Sequence[int]
) -> list[str]:
    parts = [
        wrap(cell, width, break_on_hyphens=False) or [""]
        for cell, width in zip(points, widths, strict=True)
    ]
    lines = []
    for depth in range(max(map(len, parts))):
        texts = [part[depth] if depth < len(part) else "" for part in parts]
        padded = [
            f"{text:>{width}}" if place in numbers else f"{text:<{width}}"
            for place, (text, width) in enumerate(zip(texts, widths, strict=True))
        ]
        lines.append("  " + (" " * _GAP).join(padded))
    return lines
