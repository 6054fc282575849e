"""The text of a solution: from which value on a condition is met."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from simcoalesce.report.blocks.estimate_text import known_text, reach_text
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.report import Block, Report, Toned

if TYPE_CHECKING:
    from simcoalesce.experiment.solve import Solution, Trial
    from simcoalesce.scenario.scenario import Scenario

_SIGNS: Final = {
    "holds": Toned("✓", "good"),
    "fails": Toned("✗", "bad"),
    "undecided": Toned("?", "warn"),
}


def solution_report(solution: "Solution", scenario: "Scenario") -> Report:
    """Return what was found as a report: the answer, and every value that was tried."""
    rows = [
        (_SIGNS[trial.truth], trial.value, trial_text(trial))
        for trial in solution.trials
    ]
    subject = solution.trials[0].evaluation.statement.subject.written
    tried = Block(
        "Values that were tried",
        header=("", solution.key, f"{subject} [95 % interval]"),
        rows=rows,
        numbers=(0, 1, 2),
        notes=("In their order: the search halves what is left of the range.",),
    )
    return Report(
        title=f"{scenario.label} · {solution.wanted}",
        subtitle=f"{solution.key} · {counted(len(rows), 'value')} tried",
        headline=solution_text(solution),
        blocks=[tried],
        made_of=scenario,
    )


def solution_text(solution: "Solution") -> str:
    """Return in two sentences what was found."""
    wanted, key = solution.wanted, solution.key
    if solution.no_verdict:
        return f"No verdict: {solution.no_verdict}."
    if solution.meets is None or solution.fails is None:
        return _without_change(solution)
    return (
        f"{wanted}: met at {key}={solution.meets.value}"
        f" ({trial_text(solution.meets)}), {_other_side(solution, solution.fails)}."
    )


def _other_side(solution: "Solution", beside: "Trial") -> str:
    if not solution.undecided[1:]:
        return _unmet(beside, "not")
    low, high = solution.undecided[0], solution.undecided[-1]
    needed = _decides(solution.undecided, solution.replications_to_decide)
    told = (
        f"undecided from {low.value} to {high.value}"
        f" (at {beside.value} {trial_text(beside)}; {needed})"
    )
    refuted = solution.refuted
    return told if refuted is None else f"{told}, {_unmet(refuted, 'not')}"


def _without_change(solution: "Solution") -> str:
    wanted, key = solution.wanted, solution.key
    low, high = solution.trials[0], solution.trials[:2][-1]
    ends = f"{trial_text(low)} at {low.value}, {trial_text(high)} at {high.value}"
    if solution.outcome == "always":
        return f"{wanted}: met at both ends of {key}: {ends}."
    if solution.outcome == "never":
        return f"{wanted}: out of reach for every value of {key}: {ends}."
    told = ", ".join(_unmet(trial, "not met") for trial in solution.trials)
    return f"{wanted}, for {key}: {told}."


def _unmet(trial: "Trial", unmet: str) -> str:
    if trial.truth == "fails":
        return f"{unmet} at {trial.value} ({trial_text(trial)})"
    known = trial_text(trial)
    needed = _decides([trial], trial.evaluation.replications_to_decide)
    return f"undecided at {trial.value} ({known}; {needed})"


def _decides(trials: Sequence["Trial"], replications: int | None) -> str:
    """Return what would decide trials, or why nothing follows from them."""
    without = [t.evaluation.reason for t in trials if not t.evaluation.has_verdict]
    if without:
        return f"no verdict: {without[0]}"
    if replications is None:
        return "more --reps may decide"
    return f"about {replications:,} --reps would decide"


def trial_text(trial: "Trial") -> str:
    """Return what is known of the number that decides at a value."""
    evaluation = trial.evaluation
    known = known_text(evaluation.known, evaluation.statement.unit)
    return "; ".join(filter(None, (known, reach_text(evaluation))))
