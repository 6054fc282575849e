"""Annotations: verdicts on the lines of the scenario, as GitHub shows them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from simcoalesce.metrics.expectation import Verdict
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.verdicts import decisive_number

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result

_ESCAPES: Final = {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"}
_SIGNS: Final[Mapping[str, str]] = {"holds": "✅", "fails": "❌", "undecided": "❔"}


def annotations(result: "Result") -> list[str]:
    """Return a workflow command for each expectation that is not met.

    Source:
        docs.github.com/actions, Workflow commands for GitHub Actions, read 2026-11-23.
    """
    places = result.scenario.expectation_lines
    lines = []
    for number, verdict in enumerate(result.expectations):
        if verdict.truth == "holds":
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
    open_ones = any(verdict.truth == "undecided" for verdict in result.expectations)
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
    is_warning = verdict.truth == "fails" and not verdict.is_broken
    sign = "⚠️" if is_warning else _SIGNS[verdict.truth]
    parts = [verdict.evaluation.reason or "", verdict.expectation.because]
    why = "; ".join(filter(None, parts if verdict.truth != "holds" else []))
    points = (
        sign,
        f"`{verdict.expectation}`",
        decisive_number(verdict),
        why.replace("|", "\\|"),
    )
    return f"| {' | '.join(points)} |"


def said_of(verdict: Verdict) -> Iterator[str]:
    """Yield what a verdict says, in parts: the numbers, the reason, what would help."""
    yield f"{verdict.expectation}: {decisive_number(verdict)}"
    if verdict.evaluation.reason:
        yield verdict.evaluation.reason
    if verdict.replications_to_decide:
        yield f"about {verdict.replications_to_decide:,} runs would decide"
    if verdict.expectation.because:
        yield verdict.expectation.because


def _said(verdict: Verdict) -> str:
    return "; ".join(said_of(verdict))


def _message(text: str) -> str:
    for character in "%\r\n":
        text = text.replace(character, _ESCAPES[character])
    return text


def _property(text: str) -> str:
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text
