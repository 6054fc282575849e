"""The verdicts in Markdown, for the summary of a build step."""

from typing import TYPE_CHECKING

from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.result import expectations_block
from simcoalesce.report.markdown.report import table_markdown
from simcoalesce.visible import visible

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result


def step_summary(result: "Result") -> str:
    """Return whether all holds that must, and a row for each expectation."""
    runs = counted(result.replications, "run")
    title = f"**simcoalesce: {result.truth.upper()}** · {result.scenario.label}"
    if result.no_verdict:
        title = f"{title}: no verdict: {result.no_verdict}"
    title = visible(title)
    table = table_markdown(expectations_block(result))
    return f"{title} · {runs}, seeds from {result.seed}\n\n{table}\n"
