"""Figures of a result: what it took from the origin, KV and objects, and its cost."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simcoalesce.conditions.selection import is_selected
from simcoalesce.cost.bill import Bill
from simcoalesce.cost.statement import BillStatement
from simcoalesce.report.blocks.estimate_text import known_text
from simcoalesce.report.blocks.number_format import count, counted, money, share
from simcoalesce.report.blocks.report import Block
from simcoalesce.report.blocks.scenario_text import limit_text, rate_limits, when_text
from simcoalesce.report.blocks.summary_sentence import first_refusal_in_runs

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result


def figures_block(result: "Result") -> Block:
    """Return what the run took from the origin, KV and objects, and what it cost."""
    named = {
        "pages": _pages(result),
        "origin hits": _origin(result),
        "429": _refused(result),
        "KV": _kv(result),
        "objects": _objects(result),
        "cost": _cost(result),
        "asked": _asked(result),
    }
    return Block(header=("", ""), rows=[one for one in named.items() if one[1]])


def _asked(result: "Result") -> str:
    """Return the metrics of parts of the requests that no expectation shows."""
    every = (verdict.expectation.that for verdict in result.expectations)
    shown = {name for condition in every for name in condition.names}
    found = (
        f"{name} {known_text(known, known.unit)}"
        for name, known in result.estimates.items()
        if is_selected(name) and name not in shown
    )
    return ", ".join(found)


def _pages(result: "Result") -> str:
    """Return how many pages were asked for, and what one took."""
    known = result.estimates
    asked, failed = known["pages"].mean, known["pages_failed"].mean
    if not asked:
        return ""
    names = {"p50": "page_latency_p50_s", "p99": "page_latency_p99_s"}
    took = ", ".join(
        f"{percentile} {known_text(known[name], 's')}"
        for percentile, name in names.items()
        if known[name].mean is not None
    )
    broken = f"{count(failed)} with an error" if failed else "none with an error"
    return ", ".join(filter(None, [known_text(known["pages"], "1"), took, broken]))


def _mean(result: "Result", name: str) -> float:
    return result.estimates[name].mean or 0.0


def _peak(result: "Result", name: str, what: str) -> str:
    """Return a peak, as the whole number that it is, and the mean if that differs."""
    mean = _mean(result, name)
    peak, runs = f"{max(round(mean), 1):,}", counted(result.replications, "run")
    of_runs = "" if count(mean) == peak else f" (mean of {runs} {count(mean)})"
    return f"peak {peak} {what}{of_runs}"


def _origin(result: "Result") -> str:
    known = result.estimates
    parts = [known_text(known["origin_hits"], "1")]
    if known["origin_failed"].mean:
        parts.append(f"{known_text(known['origin_failed'], '1')} failed")
    if _mean(result, "origin_peak_concurrency"):
        parts.append(_peak(result, "origin_peak_concurrency", "at once"))
    return ", ".join(parts)


def _refused(result: "Result") -> str:
    rejected = result.estimates["origin_rejected"]
    first = result.estimates["first_rejected_at_s"]
    first_s = first.mean
    limits = " and ".join(limit_text(limit) for limit in rate_limits(result.scenario))
    refused = "none" if limits else ""
    if rejected.mean and first_s is not None:
        in_runs = first_refusal_in_runs(result)
        when = in_runs or when_text(result.scenario, first_s)
        if not in_runs and first.n < result.replications:
            when += f" in {first.n} of {result.replications} runs"
        refused = f"{known_text(rejected, '1')}, the first {when}"
    return f"{refused}; allowed: {limits}" if limits else refused


def _kv(result: "Result") -> str:
    reads, writes, refused = (
        _mean(result, name) for name in ("kv_reads", "kv_writes", "kv_writes_refused")
    )
    if not reads + writes + refused:
        return ""
    puts = f"{counted(reads, 'read')}, {counted(writes, 'write')}"
    return f"{puts}, {count(refused) if refused else 'none'} refused"


def _objects(result: "Result") -> str:
    asked = _mean(result, "object_requests")
    if not asked:
        return ""
    queued = _mean(result, "object_peak_queue")
    waiting = _peak(result, "object_peak_queue", "queued") if queued else "none queued"
    return f"{counted(asked, 'request')} to durable objects, {waiting}"


def _cost(result: "Result") -> str:
    run_usd, month_usd = _mean(result, "cost_usd"), result.estimates["cost_month_usd"]
    parts = [f"{money(run_usd)} a run"]
    bill, told = result.bill, result.bill.run
    if bill.month is not None and month_usd.mean is not None:
        told = bill.month
        parts.append(f"{money(month_usd.mean)} a month{_rest_of_month(bill)}")
    return "; ".join([", ".join(parts), *_dominant(told)])


def _rest_of_month(bill: Bill) -> str:
    """Return what the month costs without these runs, if it has other traffic."""
    return f" ({money(bill.base.usd)} without these runs)" if bill.base else ""


def _dominant(statement: BillStatement) -> Iterator[str]:
    line = statement.dominant
    if line is not None:
        yield f"{share(line.share, 1)} of it {line.title} ({money(line.usd)})"
