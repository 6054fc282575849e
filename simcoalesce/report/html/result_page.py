"""A result as a page: the sentence, expectations, pictures, numbers, the scenario."""

from simcoalesce.experiment.result import Result
from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.outcome_table import outcomes_block
from simcoalesce.report.blocks.path_sentences import outside
from simcoalesce.report.blocks.result import (
    RUN_PICTURES,
    bill_block,
    expectations_block,
    made_of,
    metrics_block,
)
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.summary_sentence import sentence
from simcoalesce.report.html.page import block_html, folded, page
from simcoalesce.scenario.effective_config import plain_config


def result_page(result: Result) -> str:
    """Return a result as one HTML file; the same result, the same bytes."""
    scenario = result.scenario
    blocks = [
        *[expectations_block(result)] * bool(result.expectations),
        Block(pictures=RUN_PICTURES),
        outcomes_block(result),
        metrics_block(result),
        bill_block(result),
        *[Block("Warnings", lines=result.warnings)] * bool(result.warnings),
        Block("Outside the model", lines=(outside(scenario),)),
        made_of(scenario.sha256),
    ]
    run = RunView.of(result)
    parts = [part for block in blocks for part in block_html(block, run)]
    parts.append(folded("The whole scenario", plain_config(scenario)))
    runs = counted(result.replications, "run")
    subtitle = f"{scenario.name} · seed {result.seed} · {runs}"
    return page(scenario.title or scenario.name, subtitle, sentence(result), parts)
