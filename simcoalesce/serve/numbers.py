"""Numbers: what runs measured, with intervals, beside those of the unchanged file."""

from typing import Any, Final

from simcoalesce.cost.bill import Bill
from simcoalesce.experiment.answered import over_all_requests
from simcoalesce.experiment.compare import compared
from simcoalesce.experiment.difference import Difference
from simcoalesce.experiment.direction import direction_of, metrics_of_interest
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.metrics.expectation import EXPECTED
from simcoalesce.report.blocks.estimate_text import known_text
from simcoalesce.report.blocks.number_format import count, money, share
from simcoalesce.report.blocks.report import Block, Toned
from simcoalesce.report.blocks.verdicts import decisive_number, sign_of, why_not
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.serve.block_document import block_document

_REFUSES: Final = EXPECTED.condition("share(origin_rejected > 0) <= 1%")
_TONES: Final = {"better": "good", "worse": "bad"}
_HEADLINES: Final = {
    "origin_hits": "origin hits",
    "errors": "errors",
    "hit_ratio": "hit ratio",
    "latency_all_p99_s": "p99 of all",
    "cost_month_usd": "the month's bill",
}
_NEUTRAL: Final = "neutral"
_CHANGED: Final = ("better", "worse", "lower", "higher")


def metrics_shown(now: Scenario, before: Scenario) -> list[str]:
    """Return the metrics of a page: what is expected of, and the usual ones."""
    return metrics_of_interest([now, before])


def numbers_document(
    now: Scenario, measured: MetricValues, before: Scenario, base: MetricValues
) -> dict[str, Any]:
    """Return what runs say of a scenario, and of the file under the same seeds.

    Args:
        now: What is asked.
        measured: Its runs.
        before: The scenario of the file.
        base: Its runs, as many.
    """
    is_same = now is before
    table = _own(now, measured) if is_same else _beside(now, measured, before, base)
    bill = measured.bills.bill() if measured.bills else None
    return {
        "runs": measured.replications,
        "seed": measured.seed,
        "noVerdict": measured.no_verdict,
        "numbers": block_document(table),
        "tiles": _tiles(measured, None if is_same else base),
        "expectations": block_document(_expectations(now, measured)),
        "bill": block_document(_bill(bill)) if bill else None,
    }


def _own(now: Scenario, measured: MetricValues) -> Block:
    known = [(name, measured.estimate(name)) for name in metrics_of_interest([now])]
    rows = [(name, known_text(one, one.unit)) for name, one in known]
    return Block(header=("metric", "the file"), rows=rows, numbers=(1,))


def _beside(
    now: Scenario, measured: MetricValues, before: Scenario, base: MetricValues
) -> Block:
    """Return each metric before and after, and what became of it."""
    names = metrics_shown(now, before)
    found = compared(before, now, base, measured, names)
    beside = {over_all_requests(one.metric) for one in found.differences if one.reason}
    rows = [
        (
            one.metric,
            known_text(one.base, one.base.unit),
            known_text(one.other, one.other.unit),
            _verdict(one),
        )
        for one in found.differences
        if one.metric in names or one.metric in beside
    ]
    reasons = {one.reason: None for one in found.differences if one.reason}
    seeds = "the same requests" if found.is_paired else "other requests: independent"
    return Block(
        header=("metric", "the file", "now", "change"),
        rows=rows,
        numbers=(1, 2),
        notes=(f"The mean of a run [95 % interval]; {seeds}.", *reasons),
    )


def _verdict(one: Difference) -> str:
    if one.change.n < 2:
        return "one run" if one.base.mean != one.other.mean else "same"
    by = f", in {one.better_in} of {one.change.n}" if one.better_in is not None else ""
    told = f"{one.verdict}{by}" if one.verdict in _CHANGED else one.verdict
    tone = _TONES.get(one.verdict)
    return Toned(told, tone) if tone in ("good", "bad") else told  # type: ignore[arg-type]


def _tiles(measured: MetricValues, base: MetricValues | None) -> list[dict[str, str]]:
    """Return what matters first, in a few words each, beside what the file has."""
    tiles = [_tile(name, measured, base, what) for name, what in _HEADLINES.items()]
    (statement,) = _REFUSES.statements
    now = known_text(measured.subject(statement), "ratio")
    before = known_text(base.subject(statement), "ratio") if base else ""
    tiles.insert(2, _worded("runs with a refusal", now, before, _NEUTRAL))
    return [tile for tile in tiles if tile["now"] != "-"]


def _tile(
    name: str, measured: MetricValues, base: MetricValues | None, what: str
) -> dict[str, str]:
    now, before = measured.estimate(name), base.estimate(name) if base else None
    told = _NEUTRAL
    if before is not None and not (now.mean is None or before.mean is None):
        by = (now.mean - before.mean) * (direction_of(name) or 0)
        told = "good" if by > 0 else "bad" if by < 0 else _NEUTRAL
    was = known_text(before, before.unit) if before else ""
    return _worded(what, known_text(now, now.unit), was, told)


def _worded(what: str, now: str, before: str, tone: str) -> dict[str, str]:
    return {"what": what, "now": now, "file": before, "tone": tone}


def _expectations(now: Scenario, measured: MetricValues) -> Block:
    verdicts = [
        one.verdict(measured.subject).unless(measured.no_verdict) for one in now.expect
    ]
    rows = [
        (
            sign_of(one),
            str(one.expectation),
            decisive_number(one),
            _because(why_not(one)),
        )
        for one in verdicts
    ]
    header = ("", "expectation", "mean [95 % interval]", "")
    return Block(header=header if rows else (), rows=rows, numbers=(2,))


def _because(reasons: Any) -> str:
    return "; ".join(reasons)


def _bill(bill: Bill) -> Block:
    """Return what a month costs, or a run where no month is described."""
    told = bill.month or bill.run
    rows = [
        (line.title, count(line.billed), money(line.usd), share(line.share, 1))
        for line in told.lines
        if line.quantity
    ]
    return Block(
        lines=(f"{bill.price_list.name}: {told.basis}.",),
        header=("", "billed", "cost", "share"),
        rows=[*rows, ("all", "", money(told.usd), "")],
        numbers=(1, 2, 3),
    )
