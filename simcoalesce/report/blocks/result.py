"""The blocks of a result besides its outcomes and figures."""

from typing import TYPE_CHECKING, Final

from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.estimate_text import known_text
from simcoalesce.report.blocks.number_format import count, money, share
from simcoalesce.report.blocks.verdicts import decisive_number, sign_of, why_not

if TYPE_CHECKING:
    from simcoalesce.cost.statement import BillStatement
    from simcoalesce.experiment.result import Result

RUN_PICTURES: Final = (
    *("arrivals_by_outcome", "origin_calls_and_limit", "latency_ecdf", "swimlane"),
)
"""The pictures of a run, in the order of the story."""


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
    return Block("Expectations", header=header, rows=rows, numbers=(2,))


def metrics_block(result: "Result") -> Block:
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


def bill_block(result: "Result") -> Block:
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
        rows=[*rows, ("all", "", "", money(told.usd), "")],
        numbers=(1, 2, 3, 4),
    )


def made_of(sha256: str) -> Block:
    """Return what a page was made of, and by what: enough to make it again."""
    from simcoalesce.experiment.result import tool  # noqa: PLC0415 - it imports much

    made_by = tool()
    told = (
        f"Made by simcoalesce {made_by['version']}, version {made_by['model_version']}"
        f" of the model, from the scenario below (SHA-256 {sha256})."
    )
    return Block("How to make it again", lines=(told,))
