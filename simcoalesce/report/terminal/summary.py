"""The text of a result: what matters first, and one sentence at the end."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.result_figures import figures, outcome_table
from simcoalesce.report.blocks.summary_sentence import sentence
from simcoalesce.report.blocks.verdicts import verdict_lines
from simcoalesce.report.terminal.colour import coloured
from simcoalesce.report.terminal.sparkline import cut_right, timeline

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result

_MOST_LINES: Final = 24
_WIDTH: Final = 100
_MOST_WARNINGS: Final = 3
_LAST_LINE: Final = r"[^\n]+\Z"
_STYLES: Final = {
    r"(?m)^\s*(expect)?\s*✗.*$": "bold red",
    r"(?m)^\s*(expect)?\s*✓.*$": "green",
    r"(?m)^(expect)?\s*[?!].*$": "yellow",
    r"(?m)^  429 .*$": "red",
}


def summary(result: "Result", *, colour: bool = False) -> str:
    """Return a result as text: at most 24 lines of at most 100 columns.

    Args:
        result: The replications of one scenario.
        colour: Whether to add ANSI colours, for a terminal.

    Returns:
        The lines, without an end of line behind the last.
    """
    sections = [
        _heading(result),
        verdict_lines(result.expectations),
        outcome_table(result),
        figures(result),
        timeline(result.outcomes, result.scenario, seed=result.seed, width=_WIDTH),
        wrap(sentence(result), _WIDTH),
    ]
    room = _MOST_LINES - sum(map(len, sections))
    sections.insert(-1, _warnings(result, most=max(min(room, _MOST_WARNINGS), 1)))
    lines = _spaced([section for section in sections if section])
    text = "\n".join(cut_right(line, _WIDTH) for line in lines)
    styles = {**_STYLES, _LAST_LINE: "bold"}
    return coloured(text, styles, width=_WIDTH) if colour else text


def _heading(result: "Result") -> list[str]:
    scenario, runs = result.scenario, counted(result.replications, "run")
    known = f"{runs} · [95 % interval]"
    if result.replications == 1:
        known = "one seed: no interval"
    name = " · ".join(filter(None, [scenario.title, scenario.name]))
    seed = f"seed {result.seed} · {known}"
    room = _WIDTH - len(seed) - 2
    return [f"{cut_right(name, room):<{room}}  {seed}"]


def _warnings(result: "Result", *, most: int) -> list[str]:
    said = [f"! {warning}" for warning in result.warnings]
    if not result.complete:
        done = counted(result.replications, "run")
        said.insert(
            0, f"! interrupted: what follows from the {done} that were complete"
        )
    if len(said) <= most:
        return said
    rest = counted(len(said) - most + 1, "more warning" if most > 1 else "warning")
    return [*said[: most - 1], f"! {rest} (--json shows all)"]


def _spaced(sections: Sequence[Sequence[str]]) -> list[str]:
    """Join sections, with empty lines between while there is space for them."""
    spare = _MOST_LINES - sum(map(len, sections))
    lines: list[str] = []
    for place, section in enumerate(sections):
        lines += [""] if 0 < place <= spare else []
        lines += section
    return lines
