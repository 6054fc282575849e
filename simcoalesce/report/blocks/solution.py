"""The text of a solution: from which value on a condition is met."""

from typing import TYPE_CHECKING

from simcoalesce.report.blocks.estimate_text import known_text

if TYPE_CHECKING:
    from simcoalesce.experiment.solve import Solution, Trial


def solution_text(solution: "Solution") -> str:
    """Return in two sentences what was found."""
    wanted, key = solution.wanted, solution.key
    if solution.meets is None or solution.fails is None:
        return _without_change(solution)
    return (
        f"{wanted}: met at {key}={solution.meets.value}"
        f" ({trial_text(solution.meets)}), not at {solution.fails.value}"
        f" ({trial_text(solution.fails)})."
    )


def _without_change(solution: "Solution") -> str:
    wanted, key = solution.wanted, solution.key
    low, high = solution.trials[:2]
    ends = f"{trial_text(low)} at {low.value}, {trial_text(high)} at {high.value}"
    if solution.outcome == "always":
        return f"{wanted}: met at both ends of {key}: {ends}."
    if solution.outcome == "never":
        return f"{wanted}: out of reach for every value of {key}: {ends}."
    return f"{wanted}: undecided with these seeds for every value of {key}: {ends}."


def trial_text(trial: "Trial") -> str:
    """Return what is known of the number that decides at a value."""
    evaluation = trial.evaluation
    return known_text(evaluation.known, evaluation.statement.unit)
