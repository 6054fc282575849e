"""An explanation as a report."""

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.explanation import explanation_blocks
from simcoalesce.report.blocks.explanation_sentences import headline
from simcoalesce.report.blocks.report import Report
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.tiles import tiles_of


def explanation_report(explanation: Explanation, *, has_steps: bool = False) -> Report:
    """Return what every form of an explanation shows.

    Args:
        explanation: What was found.
        has_steps: Whether all settings that were simulated are in it, as in a page.
    """
    scenario, seed = explanation.scenario, explanation.seed
    variant = f"@{scenario.variant}" if scenario.variant else ""
    overrides = "".join(f" -s {change}" for change in scenario.overrides)
    seeds = f"{explanation.replications} paired seeds, {explanation.runs:,} runs"
    return Report(
        title=scenario.title or scenario.label,
        subtitle=f"{scenario.label} · seed {seed} · {seeds}",
        headline=headline(explanation),
        blocks=explanation_blocks(explanation, has_steps=has_steps),
        subjects=(RunView(explanation.outcomes, scenario, seed), explanation),
        command=f"simcoalesce explain {scenario.source or scenario.name}{variant}"
        f"{overrides} --seed {seed} --reps {explanation.replications}",
        tiles=tiles_of(explanation.base),
    )
