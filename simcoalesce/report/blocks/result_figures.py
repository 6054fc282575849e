"""The numbers of a result: how requests ended, and what that took and cost."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from simcoalesce.cost.statement import BillStatement
from simcoalesce.report.blocks.estimate_text import known_text, value_text
from simcoalesce.report.blocks.number_format import count, counted, money, share
from simcoalesce.report.pictures.chart_context import (
    clock_text,
    limit_text,
    rate_limits,
)
from simcoalesce.report.pictures.outcome_class import OutcomeClass, outcome_classes
from simcoalesce.units import NS_PER_S

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result

Row = tuple[str, str, str, str, str]
"""A name, how many, their share, median and 99th percentile of their latency."""

HEADER: Final[Row] = ("", "requests", "share", "p50", "p99")
_LABEL_WIDTH: Final = 14


def outcome_rows(result: "Result") -> list[Row]:
    """Return how requests ended, answered and failed apart, on average of all runs."""
    requests, errors = _mean(result, "requests"), _mean(result, "errors")
    rows = [_row(result, "answered", requests - errors, "latency")]
    stale = _mean(result, "stale_served")
    if stale:
        rows.append(("stale of them", count(stale), share(stale, requests), "", ""))
    if errors:
        rows.append(_row(result, _name_of_errors(result), errors, "latency_error"))
    return rows


def outcome_table(result: "Result") -> list[str]:
    """Return the outcomes as lines."""
    return [
        f"  {name:<{_LABEL_WIDTH}}{number:>11}{part:>9}{median:>10}{late:>10}"
        for name, number, part, median, late in (HEADER, *outcome_rows(result))
    ]


def figures(result: "Result") -> list[str]:
    """Return what the run took from the origin, KV and objects, and what it cost."""
    named = {
        "origin hits": _origin(result),
        "429": _refused(result),
        "KV": _kv(result),
        "objects": _objects(result),
        "cost": _cost(result),
    }
    return [f"  {name:<{_LABEL_WIDTH}}{text}" for name, text in named.items() if text]


def _row(result: "Result", name: str, number: float, latency: str) -> Row:
    part = share(number, _mean(result, "requests"))
    waits = (result.estimates[f"{latency}_p{percent}_s"].mean for percent in (50, 99))
    median, late = ("-" if wait is None else value_text(wait, "s") for wait in waits)
    return name, count(number), part, median, late


def _name_of_errors(result: "Result") -> str:
    """Return what the errors are, going by the first run: its rows tell them apart."""
    rows = result.outcomes.request_rows
    kinds = set(np.unique(outcome_classes(rows)[~rows.answered]).tolist())
    if kinds == {OutcomeClass.REFUSED}:
        return "refused (429)"
    return "failed" if kinds == {OutcomeClass.FAILED} else "429 or failed"


def _mean(result: "Result", name: str) -> float:
    return result.estimates[name].mean or 0.0


def _origin(result: "Result") -> str:
    known = result.estimates
    parts = [known_text(known["origin_hits"], "1")]
    if known["origin_failed"].mean:
        parts.append(f"{known_text(known['origin_failed'], '1')} failed")
    if peak := _mean(result, "origin_peak_concurrency"):
        parts.append(f"at most {count(peak)} at once")
    return ", ".join(parts) + ("" if _refused(result) else _allowed(result))


def _allowed(result: "Result") -> str:
    limits = " and ".join(limit_text(limit) for limit in rate_limits(result.scenario))
    return f"; allowed: {limits}" if limits else ""


def _refused(result: "Result") -> str:
    rejected, first = (
        result.estimates[name] for name in ("origin_rejected", "first_rejected_at_s")
    )
    if not rejected.mean or first.mean is None:
        return ""
    at = clock_text(result.scenario, int(first.mean * NS_PER_S))
    refused = f"{known_text(rejected, '1')}, the first at {at}"
    return refused + _allowed(result)


def _kv(result: "Result") -> str:
    reads, writes, refused = (
        _mean(result, name) for name in ("kv_reads", "kv_writes", "kv_writes_refused")
    )
    if not reads + writes + refused:
        return ""
    puts = f"{counted(reads, 'read')}, {counted(writes, 'write')}"
    return f"{puts}, {count(refused) if refused else 'none'} refused"


def _objects(result: "Result") -> str:
    asked, queued = _mean(result, "object_requests"), _mean(result, "object_peak_queue")
    if not asked:
        return ""
    waiting = f"at most {count(queued)} queued" if queued else "none queued"
    return f"{counted(asked, 'request')} to durable objects, {waiting}"


def _cost(result: "Result") -> str:
    run_usd, month_usd = _mean(result, "cost_usd"), result.estimates["cost_month_usd"]
    parts = [f"{money(run_usd)} a run"]
    bill, told = result.bill, result.bill.run
    if bill.month is not None and month_usd.mean is not None:
        told = bill.month
        parts.append(f"{money(month_usd.mean)} a month")
    return "; ".join([", ".join(parts), *_dominant(told)])


def _dominant(statement: BillStatement) -> Iterator[str]:
    line = statement.dominant
    if line is not None:
        yield f"{share(line.share, 1)} of it {line.title} ({money(line.usd)})"
