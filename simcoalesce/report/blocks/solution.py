"""The text of a solution: from which value on a claim is met."""

from typing import TYPE_CHECKING

from simcoalesce.metrics import METRICS
from simcoalesce.report.blocks.estimate_text import known_text

if TYPE_CHECKING:
    from simcoalesce.experiment.solve import Solution, Trial


def solution_text(solution: "Solution") -> str:
    """Return in two sentences what was found."""
    claim, key = solution.claim, solution.key
    if solution.meets is None or solution.fails is None:
        return _without_change(solution)
    return (
        f"{claim}: met at {key}={solution.meets.value}"
        f" ({_known(solution, solution.meets)}), not at {solution.fails.value}"
        f" ({_known(solution, solution.fails)})."
    )


def _without_change(solution: "Solution") -> str:
    claim, key = solution.claim, solution.key
    low, high = solution.trials[:2]
    ends = (
        f"{_known(solution, low)} at {low.value}, {_known(solution, high)} at"
        f" {high.value}"
    )
    if solution.ending == "always":
        return f"{claim}: met at both ends of {key}: {ends}."
    if solution.ending == "never":
        return f"{claim}: no value of {key} does it: {ends}."
    return f"{claim}: these seeds cannot tell for any value of {key} tried: {ends}."


def _known(solution: "Solution", trial: "Trial") -> str:
    unit = METRICS[solution.claim.metric].unit
    return known_text(trial.estimate, unit)
