"""Expectations and what became of them, in words."""

from collections.abc import Iterator, Sequence

from simcoalesce.metrics.expectation import Verdict
from simcoalesce.report.blocks.estimate_text import known_text, reach_text
from simcoalesce.report.blocks.report import Toned

ONLY_WARNS = "does not change the exit code"


def sign_of(verdict: Verdict) -> Toned:
    """Return ✓ for what is met, warn if it only warns, else ✗, or ? if undecided."""
    if verdict.truth == "holds":
        return Toned("✓", "good")
    if verdict.expectation.level == "warn":
        return Toned("warn", "warn")
    return Toned("✗", "bad") if verdict.is_broken else Toned("?", "warn")


def decisive_number(verdict: Verdict) -> str:
    """Return the number that decides, with its name if there are several."""
    evaluation = verdict.evaluation
    known = known_text(evaluation.known, evaluation.statement.unit)
    subjects = {one.subject.written for one in verdict.expectation.that.statements}
    name = f"{evaluation.statement.subject.written} " if len(subjects) > 1 else ""
    return f"{name}{known}"


def verdict_text(verdict: Verdict) -> str:
    """Return what became of an expectation that is not met, in a line."""
    sign, number = sign_of(verdict), decisive_number(verdict)
    if sign == "?":
        return f"?  {verdict.expectation}: {number}"
    but = "undecided:" if verdict.truth == "undecided" else "but"
    only_warns = f"  ({ONLY_WARNS})" if sign == "warn" else ""
    return f"{sign}  {verdict.expectation}, {but} {number}{only_warns}"


def met_lines(verdicts: Sequence[Verdict]) -> list[str]:
    """Return what is met, in a line for all that reach as far."""
    by_reach: dict[str, list[str]] = {}
    for verdict in verdicts:
        reach = reach_text(verdict.evaluation)
        by_reach.setdefault(reach, []).append(str(verdict.expectation))
    return [
        f"✓  {' · '.join(met)}   {reach}".rstrip() for reach, met in by_reach.items()
    ]


def said_of(verdict: Verdict) -> Iterator[str]:
    """Yield what a verdict says, in parts: the numbers, the reason, what would help."""
    yield f"{verdict.expectation}: {decisive_number(verdict)}"
    yield from why_not(verdict)


def why_not(verdict: Verdict) -> Iterator[str]:
    """Yield how far a verdict reaches, and if it is no pass, why, and what decides."""
    reach = reach_text(verdict.evaluation)
    if reach:
        yield reach
    if verdict.truth == "holds":
        return
    is_said = reach and verdict.truth == "undecided"
    if verdict.evaluation.reason and not is_said:
        yield verdict.evaluation.reason
    if verdict.replications_to_decide:
        yield f"about {verdict.replications_to_decide:,} runs would decide"
    if verdict.expectation.because:
        yield verdict.expectation.because
