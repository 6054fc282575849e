"""Expectations and what became of them, the worst first."""

from collections.abc import Sequence
from typing import Final

from simcoalesce.metrics.expectation import Verdict
from simcoalesce.report.blocks.estimate_text import known_text

_MOST: Final = 3


def verdict_lines(verdicts: Sequence[Verdict]) -> list[str]:
    """Return at most four lines: each that is not met, then all that are in one.

    ✗ is not met, ? cannot be decided yet, ! is not met but only warns, ✓ is met.
    """
    open_ones = sorted((v for v in verdicts if v.truth != "holds"), key=_severity)
    shown, hidden = open_ones[:_MOST], len(open_ones[_MOST:])
    width = max((len(str(verdict.expectation)) for verdict in shown), default=0)
    lines = [_line(verdict, width) for verdict in shown]
    met = [str(verdict.expectation) for verdict in verdicts if verdict.truth == "holds"]
    if hidden:
        lines.append(f"… {hidden} more are not met, {len(met)} are")
    elif met:
        lines.append(f"✓ {' · '.join(met)}")
    return [f"{'expect' if not n else '':<8}{line}" for n, line in enumerate(lines)]


def _severity(verdict: Verdict) -> int:
    return "✗?!".index(sign_of(verdict))


def sign_of(verdict: Verdict) -> str:
    """Return the sign of what became of an expectation."""
    if verdict.truth == "holds":
        return "✓"
    if verdict.truth == "undecided":
        return "?"
    return "✗" if verdict.is_broken else "!"


def _line(verdict: Verdict, width: int) -> str:
    expectation = verdict.expectation
    why = why_not(verdict)
    line = f"{sign_of(verdict)} {expectation!s:<{width}}   {decisive_number(verdict)}"
    return f"{line}   {why}" if why else line


def why_not(verdict: Verdict) -> str:
    """Return why it is demanded, or why it cannot be decided; may be empty."""
    if verdict.truth != "undecided":
        return verdict.expectation.because or ""
    needed = verdict.replications_to_decide
    more = f"about {needed:,} runs would decide" if needed else ""
    return "; ".join(filter(None, [verdict.evaluation.reason or "", more]))


def decisive_number(verdict: Verdict) -> str:
    """Return the number that decides, with its name if there are several."""
    evaluation = verdict.evaluation
    known = known_text(evaluation.known, evaluation.statement.unit)
    subjects = {one.subject.written for one in verdict.expectation.that.statements}
    name = f"{evaluation.statement.subject.written} " if len(subjects) > 1 else ""
    return f"{name}{known}"
