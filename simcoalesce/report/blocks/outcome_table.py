"""The outcomes of requests as a table: answered and failed apart."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.latency import answered_ns, error_ns, percentile_s
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.number_format import count, duration, share
from simcoalesce.report.rows.outcome_class import OutcomeClass, outcome_classes

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result

_TITLE: Final = "Requests by outcome"
_HEADER: Final = ("", "requests", "share", "p50", "p99")
_PERCENTS: Final = (50, 99)
_NUMBERS: Final = (1, 2, 3, 4)


def outcomes_block(result: "Result") -> Block:
    """Return how requests ended, on average of all runs."""
    means = {name: known.mean for name, known in result.estimates.items()}
    requests, errors = means["requests"] or 0.0, means["errors"] or 0.0
    stale = means["stale_served"] or 0.0

    def row(name: str, number: float, latency: str) -> tuple[str, ...]:
        latencies_s = [means[f"{latency}_p{percent}_s"] for percent in _PERCENTS]
        return _row(name, number, requests, latencies_s)

    rows = [row("answered", requests - errors, "latency")]
    if stale:
        rows.append(("stale of them", count(stale), share(stale, requests), "", ""))
    if errors:
        rows.append(row(_name_of_errors(result.outcomes), errors, "latency_error"))
    return Block(_TITLE, header=_HEADER, rows=rows, numbers=_NUMBERS)


def outcomes_block_of_run(outcomes: Outcomes) -> Block:
    """Return how requests ended in a single run."""
    groups = {"answered": answered_ns(outcomes)}
    if not outcomes.request_rows.answered.all():
        groups[_name_of_errors(outcomes)] = error_ns(outcomes)
    requests = len(outcomes.request_rows.request)
    rows = [
        _row(name, len(latencies_ns), requests, _percentiles_s(latencies_ns))
        for name, latencies_ns in groups.items()
    ]
    return Block(_TITLE, header=_HEADER, rows=rows, numbers=_NUMBERS)


def _percentiles_s(latencies_ns: NDArray[np.int64]) -> list[float | None]:
    return [percentile_s(latencies_ns, percent) for percent in _PERCENTS]


def _row(
    name: str, number: float, requests: float, latencies_s: list[float | None]
) -> tuple[str, ...]:
    known = ("-" if one is None else duration(one) for one in latencies_s)
    return name, count(number), share(number, requests), *known


def _name_of_errors(outcomes: Outcomes) -> str:
    """Return what the errors are, going by one run: its rows tell them apart."""
    rows = outcomes.request_rows
    kinds = set(np.unique(outcome_classes(rows)[~rows.answered]).tolist())
    if kinds == {OutcomeClass.REFUSED}:
        return "refused (429)"
    return "failed" if kinds == {OutcomeClass.FAILED} else "429 or failed"
