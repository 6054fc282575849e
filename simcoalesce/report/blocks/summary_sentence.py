"""One sentence that a manager can read."""

from typing import TYPE_CHECKING

import numpy as np

from simcoalesce.metrics import measure
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.estimate_text import modes_text
from simcoalesce.report.blocks.number_format import count, counted, share
from simcoalesce.report.blocks.outcome_table import Means, means_of
from simcoalesce.report.blocks.scenario_text import when_text

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result


def sentence(result: "Result") -> str:
    """Return what became of the requests, and what the origin did, on average."""
    if result.no_verdict:
        return f"No verdict: {result.no_verdict}."
    return _sentence(means_of(result), result.outcomes, _refusals(result))


def sentence_of_run(outcomes: Outcomes) -> str:
    """Return the same of a single run, without a scenario."""
    means = measure(outcomes)
    refused = means["origin_rejected"]
    return _sentence(means, outcomes, f"it refused {count(refused)}" if refused else "")


def _sentence(means: Means, outcomes: Outcomes, refusals: str) -> str:
    names = ("requests", "origin_hits", "origin_rejected", "errors")
    requests, hits, refused, errors = (means[name] or 0.0 for name in names)
    if not requests:
        return "No request arrived."
    told = _reach(hits, requests, outcomes)
    if hits:
        told += f"; {refusals or 'it refused none'}"
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


def _refusals(result: "Result") -> str:
    refused, first = (
        result.estimates[name] for name in ("origin_rejected", "first_rejected_at_s")
    )
    if not refused.mean:
        return ""
    if in_runs := first_refusal_in_runs(result):
        return f"it refused {count(refused.mean)}, the first {in_runs}"
    some_lack_it = first.n < result.replications
    # Instants that lie seconds apart have a mean at which nothing happened.
    about = "about " if some_lack_it or (first.sd or 0.0) > 1 else ""
    when = when_text(result.scenario, first.mean or 0.0, about=about)
    if some_lack_it:
        runs = f"in {first.n} of {result.replications} runs"
        return f"it refused some {runs}, the first {when}"
    return f"it refused {count(refused.mean)}, the first {when}"


def first_refusal_in_runs(result: "Result") -> str:
    """Return when the first refusal is, if it is now early, now late; else empty."""
    first = result.estimates["first_rejected_at_s"]
    if not first.modes:
        return ""
    return modes_text(first, lambda at_s: when_text(result.scenario, at_s))


def _errors(errors: float, refused: float, requests: float) -> str:
    if not errors:
        return ", and every request was answered" if not refused else ""
    if errors == refused:
        return ""
    return f"; {count(errors)} ({share(errors, requests)}) got an error"
