"""Annotations: verdicts on the lines of the scenario, as GitHub shows them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from simcoalesce.metrics import METRICS
from simcoalesce.metrics.expectation import Verdict
from simcoalesce.report.blocks.estimate_text import known_text
from simcoalesce.report.blocks.number_format import counted

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result

_ESCAPES: Final = {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"}
_SIGNS: Final[Mapping[str, str]] = {"pass": "✅", "fail": "❌", "undecided": "❔"}


def annotations(result: "Result") -> list[str]:
    """Return a workflow command for each expectation that is not met.

    Source:
        docs.github.com/actions, Workflow commands for GitHub Actions, read 2026-11-23.
    """
    places = result.scenario.expectation_lines
    lines = []
    for number, verdict in enumerate(result.expectations):
        if verdict.state == "pass":
            continue
        where = ""
        if number < len(places):
            file, line = places[number]
            where = f" file={_property(file)},line={line}" if line else ""
        level = "warning" if verdict.expectation.level == "warn" else "error"
        lines.append(f"::{level}{where}::{_message(_said(verdict))}")
    return lines


def step_summary(result: "Result") -> str:
    """Return the verdicts in Markdown, for the summary of a build step."""
    failed = any(verdict.is_broken for verdict in result.expectations)
    open_ones = any(verdict.state == "undecided" for verdict in result.expectations)
    word = "FAIL" if failed else "UNDECIDED" if open_ones else "PASS"
    runs = counted(result.replications, "run")
    title = f"**simcoalesce: {word}** · {result.scenario.label}"
    lines = [
        f"{title} · {runs}, seeds from {result.seed}",
        "",
        "| | expectation | mean [95 % interval] | |",
        "| --- | --- | --: | --- |",
        *map(_row, result.expectations),
        "",
    ]
    return "\n".join(lines)


def _row(verdict: Verdict) -> str:
    is_warning = verdict.state == "fail" and not verdict.is_broken
    sign = "⚠️" if is_warning else _SIGNS[verdict.state]
    parts = [verdict.reason or "", verdict.expectation.because]
    why = "; ".join(filter(None, parts if verdict.state != "pass" else []))
    points = (
        sign,
        f"`{verdict.expectation}`",
        _known(verdict),
        why.replace("|", "\\|"),
    )
    return f"| {' | '.join(points)} |"


def said_of(verdict: Verdict) -> Iterator[str]:
    """Yield what a verdict says, in parts: the numbers, the reason, what would help."""
    yield f"{verdict.expectation}: {_known(verdict)}"
    if verdict.reason:
        yield verdict.reason
    if verdict.replications_to_decide and verdict.state == "undecided":
        yield f"about {verdict.replications_to_decide:,} runs would decide"
    if verdict.expectation.because:
        yield verdict.expectation.because


def _said(verdict: Verdict) -> str:
    return "; ".join(said_of(verdict))


def _known(verdict: Verdict) -> str:
    return known_text(verdict, METRICS[verdict.expectation.that.metric].unit)


def _message(text: str) -> str:
    for character in "%\r\n":
        text = text.replace(character, _ESCAPES[character])
    return text


def _property(text: str) -> str:
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text
