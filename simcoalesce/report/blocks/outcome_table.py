"""The outcomes of requests as a table: answered and failed apart."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.estimate_text import value_or_dash
from simcoalesce.report.blocks.number_format import count, share
from simcoalesce.report.blocks.report import Block
from simcoalesce.report.rows.outcome_class import OutcomeClass, outcome_classes

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result

Means = Mapping[str, float | None]
"""Every metric by name: the mean of some runs, or the value of one; None if none."""

_HEADER: Final = ("", "requests", "share", "p50", "p99")


def means_of(result: "Result") -> Means:
    """Return the mean of every metric."""
    return {name: known.mean for name, known in result.estimates.items()}


def outcomes_block(means: Means, outcomes: Outcomes) -> Block:
    """Return how requests ended, answered and failed apart.

    Args:
        means: Of one run, or of several.
        outcomes: A run of them, whose rows say what the errors are.
    """
    requests, errors = means["requests"] or 0.0, means["errors"] or 0.0
    stale = means["stale_served"] or 0.0
    rows = [_row("answered", requests - errors, means, "latency")]
    if stale:
        rows.append(("stale of them", count(stale), share(stale, requests), "", ""))
    if bypass := means["cache_bypasses"]:
        told = "asked no cache (POST)"
        rows.append((told, count(bypass), share(bypass, requests), "", ""))
    if errors:
        rows.append(_row(_name_of_errors(outcomes), errors, means, "latency_error"))
    title = "Requests by outcome"
    return Block(title, header=_HEADER, rows=rows, numbers=(1, 2, 3, 4))


def _row(name: str, number: float, means: Means, latency: str) -> tuple[str, ...]:
    known = (means[f"{latency}_p{percent}_s"] for percent in (50, 99))
    texts = (value_or_dash(one, "s") for one in known)
    return name, count(number), share(number, means["requests"] or 0.0), *texts


def _name_of_errors(outcomes: Outcomes) -> str:
    """Return what the errors are, going by one run: its rows tell them apart."""
    rows = outcomes.request_rows
    kinds = set(np.unique(outcome_classes(rows)[~rows.answered]).tolist())
    if kinds == {OutcomeClass.REFUSED}:
        return "refused (429)"
    return "failed" if kinds == {OutcomeClass.FAILED} else "429 or failed"
