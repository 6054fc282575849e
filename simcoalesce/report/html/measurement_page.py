"""A measured run as a page: what was predicted beside it, pictures, the scenario."""

from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.measurement import (
    agreement_block,
    agreement_sentence,
    usage_block,
)
from simcoalesce.report.blocks.result import RUN_PICTURES, made_of
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.summary_sentence import sentence_of_run
from simcoalesce.report.html.page import block_html, folded, page
from simcoalesce.scenario.effective_config import plain_config
from simcoalesce.validation.measurement import Measurement


def measurement_page(measured: Measurement) -> str:
    """Return a measured run as one HTML file; the same record, the same bytes."""
    scenario, run = measured.scenario, measured.run
    subtitle = (
        f"{run['scenario']} · measured on {run['runtime']} · seed {run['seed']} ·"
        f" time scale {run['time_scale']:g}"
    )
    told = agreement_sentence(measured.agreement)
    blocks = (
        agreement_block(run, measured.agreement),
        Block(pictures=RUN_PICTURES),
        usage_block(measured.outcomes.usage),
        made_of(scenario.sha256),
    )
    view = RunView(measured.outcomes, scenario, run["seed"])
    parts = [part for block in blocks for part in block_html(block, view)]
    parts.append(folded("The whole scenario", plain_config(scenario)))
    title = scenario.title or scenario.name
    headline = f"{sentence_of_run(measured.outcomes)} {told}"
    return page(title, subtitle, headline, parts)
