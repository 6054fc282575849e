"""Expectations and what became of them, in words."""

from collections.abc import Iterator

from simcoalesce.metrics.expectation import Verdict
from simcoalesce.report.blocks.estimate_text import known_text

ONLY_WARNS = "does not change the exit code"


def sign_of(verdict: Verdict) -> str:
    """Return ✓ for what is met, ✗ if not, ? if undecided, warn if it only warns."""
    if verdict.truth == "holds":
        return "✓"
    if verdict.truth == "undecided":
        return "?"
    return "✗" if verdict.is_broken else "warn"


def decisive_number(verdict: Verdict) -> str:
    """Return the number that decides, with its name if there are several."""
    evaluation = verdict.evaluation
    known = known_text(evaluation.known, evaluation.statement.unit)
    subjects = {one.subject.written for one in verdict.expectation.that.statements}
    name = f"{evaluation.statement.subject.written} " if len(subjects) > 1 else ""
    return f"{name}{known}"


def verdict_text(verdict: Verdict) -> str:
    """Return what became of an expectation that is not met, in a line."""
    if verdict.truth == "undecided":
        return f"?  {verdict.expectation}: {decisive_number(verdict)}"
    told = f"{verdict.expectation}, but {decisive_number(verdict)}"
    if not verdict.is_broken:
        return f"warn  {told}  ({ONLY_WARNS})"
    return f"✗  {told}"


def said_of(verdict: Verdict) -> Iterator[str]:
    """Yield what a verdict says, in parts: the numbers, the reason, what would help."""
    yield f"{verdict.expectation}: {decisive_number(verdict)}"
    yield from why_not(verdict)


def why_not(verdict: Verdict) -> Iterator[str]:
    """Yield why a verdict is no pass, what would decide it, and why it is expected."""
    if verdict.truth == "holds":
        return
    if verdict.evaluation.reason:
        yield verdict.evaluation.reason
    if verdict.replications_to_decide:
        yield f"about {verdict.replications_to_decide:,} runs would decide"
    if verdict.expectation.because:
        yield verdict.expectation.because
