"""A result as a report: what was expected, pictures, outcomes, metrics, the bill."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from simcoalesce.report.blocks.estimate_text import known_text
from simcoalesce.report.blocks.number_format import count, counted, money, share
from simcoalesce.report.blocks.outcome_table import means_of, outcomes_block
from simcoalesce.report.blocks.parts_table import parts_blocks
from simcoalesce.report.blocks.path_sentences import outside
from simcoalesce.report.blocks.report import Block, Report
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.summary_sentence import sentence
from simcoalesce.report.blocks.tiles import tiles_of
from simcoalesce.report.blocks.verdicts import decisive_number, sign_of, why_not

if TYPE_CHECKING:
    from simcoalesce.cost.bill import Bill
    from simcoalesce.cost.statement import BillStatement
    from simcoalesce.experiment.result import Result

RUN_PICTURES: Final = (
    *("arrivals_by_outcome", "over_time", "origin_calls_and_limit"),
    *("latency_ecdf", "latency_tail", "swimlane"),
)
"""The pictures of a run, in the order of the story."""


def result_report(result: "Result") -> Report:
    """Return what the page of a result shows."""
    scenario = result.scenario
    blocks = [
        Block(pictures=RUN_PICTURES),
        outcomes_block(means_of(result), result.outcomes),
        *parts_blocks(result.outcomes, f"one run, seed {result.seed}"),
        _metrics(result),
        _bill(result),
    ]
    if result.expectations:
        blocks.insert(0, expectations_block(result))
    if result.warnings:
        blocks.append(Block("Warnings", lines=result.warnings))
    blocks.append(Block("Outside the model", lines=(outside(scenario),)))
    runs = counted(result.replications, "run")
    return Report(
        title=scenario.title or scenario.name,
        subtitle=f"{scenario.name} · seed {result.seed} · {runs}",
        headline=sentence(result),
        blocks=blocks,
        subjects=(RunView.of(result),),
        made_of=scenario,
        tiles=tiles_of(result.estimates),
    )


def expectations_block(result: "Result") -> Block:
    """Return what was expected, and what became of it."""
    rows = [
        (
            sign_of(verdict),
            str(verdict.expectation),
            decisive_number(verdict),
            "; ".join(why_not(verdict)),
        )
        for verdict in result.expectations
    ]
    header = ("", "expectation", "mean [95 % interval]", "")
    return Block("Expectations", header=header, rows=rows, numbers=(0, 2))


def _metrics(result: "Result") -> Block:
    """Return every metric that is not 0."""
    rows = [
        (name, known_text(known, known.unit), known.reason or "")
        for name, known in result.estimates.items()
        if known.mean != 0
    ]
    return Block(
        "Metrics",
        lines=("The mean of a run, with its 95 % interval where runs differ.",),
        header=("metric", "a run", ""),
        rows=rows,
        numbers=(1,),
        notes=("What is not in the table is 0.",),
    )


def _bill(result: "Result") -> Block:
    """Return what the month costs, or the run where no month is described."""
    bill = result.bill
    told: BillStatement = bill.month or bill.run
    rows = [
        (
            line.title,
            count(line.quantity),
            count(line.billed),
            money(line.usd),
            share(line.share, 1),
        )
        for line in told.lines
        if line.quantity
    ]
    return Block(
        "Cost",
        lines=(f"{bill.price_list.name}: {told.basis}.",),
        header=("", "used", "billed", "cost", "share"),
        rows=[*rows, ("all", "", "", money(told.usd), ""), *_parts_of_month(bill)],
        numbers=(1, 2, 3, 4),
    )


def _parts_of_month(bill: "Bill") -> Iterator[tuple[str, ...]]:
    """Yield what the month costs without these runs, and what they add to it."""
    if bill.base is not None and bill.added_month_usd is not None:
        yield "all without these runs", "", "", money(bill.base.usd), ""
        yield "what these runs add", "", "", money(bill.added_month_usd), ""
