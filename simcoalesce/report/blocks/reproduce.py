"""The command that gives the same explanation."""

from simcoalesce.explain.explanation import Explanation


def reproduce(explanation: Explanation) -> str:
    """Return the command that gives the same explanation."""
    scenario = explanation.scenario
    variant = f"@{scenario.variant}" if scenario.variant else ""
    file = f"{scenario.source or scenario.name}{variant}"
    overrides = "".join(f" -s {change}" for change in scenario.overrides)
    return (
        f"simcoalesce explain {file}{overrides} --seed {explanation.seed}"
        f" --reps {explanation.replications}"
    )
