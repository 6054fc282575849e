"""What a notebook shows of a run or a result: a sentence, a table, and a picture.

Plain HTML and inline SVG without scripts or style sheets, in the page's own colours.
"""

from html import escape

from simcoalesce.display import html_of
from simcoalesce.experiment.result import Result
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.outcome_table import (
    outcomes_block,
    outcomes_block_of_run,
)
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.summary_sentence import sentence, sentence_of_run
from simcoalesce.report.html.inline_picture import inline_pictures
from simcoalesce.report.html.page import table_html


@html_of.register
def html_of_outcomes(outcomes: Outcomes) -> str:
    """Return one run as HTML, less than 20 KB."""
    told, table = sentence_of_run(outcomes), outcomes_block_of_run(outcomes)
    return _html(told, table, RunView(outcomes))


@html_of.register
def html_of_result(result: Result) -> str:
    """Return a result as HTML, less than 20 KB; the picture is of its first run."""
    return _html(sentence(result), outcomes_block(result), RunView.of(result))


def _html(told: str, table: Block, run: RunView) -> str:
    has_requests = len(run.outcomes.request_rows.request) > 0
    picture = inline_pictures(["arrivals_by_outcome"] * has_requests, run)
    return f"<div><p>{escape(told)}</p>{table_html(table)}{''.join(picture)}</div>"
