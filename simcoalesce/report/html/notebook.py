"""What a notebook shows of a run or a result: a sentence, a table, and a picture.

Plain HTML and inline SVG without scripts or style sheets, in the page's own colours.
"""

from html import escape

from simcoalesce.display import html_of
from simcoalesce.experiment.result import Result
from simcoalesce.metrics import measure
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.outcome_table import Means, means_of, outcomes_block
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.summary_sentence import sentence, sentence_of_run
from simcoalesce.report.html.inline_picture import inline_pictures
from simcoalesce.report.html.page import table_html


@html_of.register
def html_of_outcomes(outcomes: Outcomes) -> str:
    """Return one run as HTML, less than 20 KB."""
    told, means = sentence_of_run(outcomes), measure(outcomes)
    return _html(told, means, RunView(outcomes))


@html_of.register
def html_of_result(result: Result) -> str:
    """Return a result as HTML, less than 20 KB; the picture is of its first run."""
    return _html(sentence(result), means_of(result), RunView.of(result))


def _html(told: str, means: Means, run: RunView) -> str:
    table = table_html(outcomes_block(means, run.outcomes))
    has_requests = len(run.outcomes.request_rows.request) > 0
    picture = inline_pictures(["arrivals_by_outcome"] * has_requests, run)
    return f"<div><p>{escape(told)}</p>{table}{''.join(picture)}</div>"
