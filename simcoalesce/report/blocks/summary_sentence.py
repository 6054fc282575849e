"""One sentence that a manager can read."""

from typing import TYPE_CHECKING

import numpy as np

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.chart_context import clock_text
from simcoalesce.report.blocks.number_format import count, counted, share
from simcoalesce.units import NS_PER_S

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result


def sentence(result: "Result") -> str:
    """Return what became of the requests, and what the origin did, on average."""
    means = {name: known.mean or 0.0 for name, known in result.estimates.items()}
    if not means["requests"]:
        return "No request arrived."
    told = _reach(means["origin_hits"], means["requests"], result.outcomes)
    told += _refusals(result, means["origin_rejected"]) if means["origin_hits"] else ""
    told += _errors(means["errors"], means["origin_rejected"], means["requests"])
    return f"{told}."


def sentence_of_run(outcomes: Outcomes) -> str:
    """Return the same of a single run, without a scenario."""
    requests, calls = len(outcomes.request_rows.request), outcomes.origin_rows
    if not requests:
        return "No request arrived."
    refused = int(np.count_nonzero(calls.status == 429))
    errors = int(np.count_nonzero(~outcomes.request_rows.answered))
    told = _reach(len(calls.request), requests, outcomes)
    if len(calls.request):
        told += f"; it refused {count(refused) if refused else 'none'}"
    return f"{told}{_errors(errors, refused, requests)}."


def _reach(hits: float, requests: float, outcomes: Outcomes) -> str:
    if not hits:
        return f"None of {counted(requests, 'request')} reached the origin"
    callers = outcomes.origin_rows.request
    if hits > requests or len(np.unique(callers)) < len(callers):
        return (
            f"{counted(requests, 'request')} made {counted(hits, 'call')} to the origin"
        )
    of = f"of {counted(requests, 'request')} ({share(hits, requests)})"
    return f"{count(hits)} {of} reached the origin"


def _refusals(result: "Result", refused: float) -> str:
    if not refused:
        return "; it refused none"
    first = result.estimates["first_rejected_at_s"]
    at = clock_text(result.scenario, int((first.mean or 0.0) * NS_PER_S))
    if first.n < result.replications:
        runs = f"in {first.n} of {result.replications} runs"
        return f"; it refused some {runs}, the first at about {at}"
    # Instants that lie seconds apart have a mean at which nothing happened.
    about = "about " if (first.sd or 0.0) > 1 else ""
    return f"; it refused {count(refused)}, the first at {about}{at}"


def _errors(errors: float, refused: float, requests: float) -> str:
    if not errors:
        return ", and every request was answered" if not refused else ""
    if errors == refused:
        return ""
    return f"; {count(errors)} ({share(errors, requests)}) got an error"
