"""A result on a terminal: what matters first, and one sentence at the end."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from simcoalesce.metrics.expectation import Verdict
from simcoalesce.report.blocks.figures import figures_block
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.outcome_table import means_of, outcomes_block
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.summary_sentence import sentence
from simcoalesce.report.blocks.verdicts import (
    met_lines,
    sign_of,
    verdict_text,
    why_not,
)
from simcoalesce.report.terminal.colour import coloured
from simcoalesce.report.terminal.report import heading, table_lines
from simcoalesce.report.terminal.sparkline import LABEL_WIDTH, cut_right, timeline
from simcoalesce.visible import visible

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result

_MOST_LINES: Final = 24
WIDTH: Final = 100
"""Where there is no terminal."""
_MOST_WARNINGS: Final = 3
_MOST_VERDICTS: Final = 3
_EXPECT: Final = 8
_SEVERITY: Final = ("✗", "?", "warn")
_STYLES: Final = {
    r"(?m)^(expect)? *✗.*$": "bold red",
    r"(?m)^(expect)? *✓.*$": "green",
    r"(?m)^(expect)? *(\?|!|warn).*$": "yellow",
    r"(?m)^  429 .*$": "red",
    r"[^\n]+\Z": "bold",
}


def summary(result: "Result", *, colour: bool = False, width: int = WIDTH) -> str:
    """Return a result as text: 24 lines, and what narrow columns or warnings need.

    Args:
        result: The replications of one scenario.
        colour: Whether to add ANSI colours, for a terminal.
        width: How many columns to use.

    Returns:
        The lines, without an end of line behind the last.
    """
    outcomes = outcomes_block(means_of(result), result.outcomes)
    below = [
        *(
            table_lines(block, width, first=LABEL_WIDTH)
            for block in (outcomes, figures_block(result))
        ),
        timeline(RunView.of(result), width),
        wrap(sentence(result), width),
    ]
    room = _MOST_LINES - 1 - sum(map(len, below))
    verdicts = _verdicts(result.expectations, width, most=room - bool(result.warnings))
    most = max(min(room - len(verdicts), _MOST_WARNINGS), 1)
    below.insert(-1, _warnings(result, width, most=most))
    lines = _spaced(
        [some for some in (_heading(result, width), verdicts, *below) if some]
    )
    text = "\n".join(cut_right(visible(line), width) for line in lines)
    return coloured(text, _STYLES) if colour else text


def _heading(result: "Result", width: int) -> list[str]:
    scenario, runs = result.scenario, counted(result.replications, "run")
    known = f"{runs} · [95 % interval]"
    if result.replications == 1:
        known = "one seed: no interval"
    name = " · ".join(filter(None, [scenario.title, scenario.name]))
    return heading(name, f"seed {result.seed} · {known}", width)[:1]


def _verdicts(verdicts: Sequence[Verdict], width: int, *, most: int) -> list[str]:
    """Return what is not met, the worst first, then all that is met in one line."""
    open_ones = [verdict for verdict in verdicts if verdict.truth != "holds"]
    open_ones.sort(key=lambda verdict: _SEVERITY.index(sign_of(verdict)))
    met = [verdict for verdict in verdicts if verdict.truth == "holds"]
    last = [line for one in met_lines(met) for line in _wrapped(one, width)]
    if hidden := len(open_ones[_MOST_VERDICTS:]):
        last = [f"… {hidden} more are not met, {len(met)} are"]
    shown = open_ones[:_MOST_VERDICTS]
    lines = [line for verdict in shown for line in _verdict(verdict, width)] + last
    if len(lines) > most:
        texts = [verdict_text(verdict) for verdict in shown]
        lines = [line for text in texts for line in _wrapped(text, width)] + last
    names = ["expect"] + [""] * len(lines)
    return [
        f"{name:<{_EXPECT}}{line}" for name, line in zip(names, lines, strict=False)
    ]


def _wrapped(line: str, width: int) -> list[str]:
    """Return a line of verdicts, in several if it is long."""
    return wrap(line, width - _EXPECT, subsequent_indent="   ")


def _verdict(verdict: Verdict, width: int) -> list[str]:
    """Return a verdict, and why it is so or matters: in one line if it fits."""
    text, why = verdict_text(verdict), "; ".join(why_not(verdict))
    line = f"{text}   {why}".rstrip()
    if len(line) <= width - _EXPECT:
        return [line]
    indent = " " * 6
    return [
        *_wrapped(text, width),
        *wrap(why, width - _EXPECT, initial_indent=indent, subsequent_indent=indent),
    ]


def _warnings(result: "Result", width: int, *, most: int) -> list[str]:
    said = [f"! {warning}" for warning in result.warnings]
    if not result.complete:
        done = counted(result.replications, "run")
        told = f"! interrupted: what follows from the {done} that were complete"
        said.insert(0, told)
    if len(said) > most:
        rest = counted(len(said) - most + 1, "more warning" if most > 1 else "warning")
        said = [*said[: most - 1], f"! {rest} (--json shows all)"]
    # What decides is never cut, even if that takes more lines.
    return [line for one in said for line in wrap(one, width, subsequent_indent="  ")]


def _spaced(sections: Sequence[Sequence[str]]) -> list[str]:
    """Join sections, with empty lines between while there is space for them."""
    spare = _MOST_LINES - sum(map(len, sections))
    lines: list[str] = []
    for number, section in enumerate(sections):
        lines += [""] if 0 < number >= len(sections) - spare else []
        lines += section
    return lines
