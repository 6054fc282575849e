"""A result as a page: the sentence, expectations, charts, numbers, the scenario."""

from collections.abc import Iterator

from simcoalesce.cost.statement import BillStatement
from simcoalesce.experiment.result import Result, tool
from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.estimate_text import known_text
from simcoalesce.report.blocks.number_format import count, counted, money, share
from simcoalesce.report.blocks.path_sentences import outside
from simcoalesce.report.blocks.result_figures import HEADER, outcome_rows
from simcoalesce.report.blocks.summary_sentence import sentence
from simcoalesce.report.blocks.verdicts import decisive_number, sign_of, why_not
from simcoalesce.report.html.inline_picture import all_charts
from simcoalesce.report.html.page import block_html, folded, page
from simcoalesce.scenario.effective_config import plain_config


def result_page(result: Result) -> str:
    """Return a result as one HTML file; the same result, the same bytes."""
    scenario = result.scenario
    runs = counted(result.replications, "run")
    under = f"{scenario.name} · seed {result.seed} · {runs}"
    return page(
        scenario.title or scenario.name, under, sentence(result), _parts(result)
    )


def _parts(result: Result) -> Iterator[str]:
    scenario = result.scenario
    if result.expectations:
        yield from block_html(_expected(result))
    yield from all_charts(result.outcomes, scenario)
    yield from block_html(_endings(result))
    yield from block_html(_numbers(result))
    yield from block_html(_bill(result))
    if result.warnings:
        yield from block_html(Block("What to know", lines=result.warnings))
    yield from block_html(Block("Outside the model", lines=(outside(scenario),)))
    yield from made_of(scenario.sha256, "The whole scenario", plain_config(scenario))


def made_of(sha256: str, title: str, listing: str) -> Iterator[str]:
    """Yield what a page was made of, and by what: enough to make it again."""
    made_by = tool()
    told = (
        f"Made by simcoalesce {made_by['version']}, version {made_by['model_version']}"
        f" of the model, from the scenario below (SHA-256 {sha256})."
    )
    yield from block_html(Block("How to make it again", lines=(told,)))
    yield folded(title, listing)


def _expected(result: Result) -> Block:
    rows = [
        (
            sign_of(verdict),
            str(verdict.expectation),
            decisive_number(verdict),
            why_not(verdict),
        )
        for verdict in result.expectations
    ]
    return Block(
        "What was expected",
        header=("", "expectation", "simulated", ""),
        rows=rows,
        numbers=(2,),
    )


def _endings(result: Result) -> Block:
    return Block(
        "How requests ended",
        header=HEADER,
        rows=outcome_rows(result),
        numbers=(1, 2, 3, 4),
    )


def _numbers(result: Result) -> Block:
    rows = [
        (name, known_text(known, known.unit), known.reason or "")
        for name, known in result.estimates.items()
        if known.mean != 0
    ]
    return Block(
        "All numbers",
        lines=("The mean of a run, with its 95 % interval where runs differ.",),
        header=("metric", "a run", ""),
        rows=rows,
        numbers=(1,),
        notes=("What is not in the table is 0.",),
    )


def _bill(result: Result) -> Block:
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
    rows.append(("all", "", "", money(told.usd), ""))
    return Block(
        "What it costs",
        lines=(f"{bill.price_list.name}: {told.basis}.",),
        header=("", "used", "billed", "cost", "share"),
        rows=rows,
        numbers=(1, 2, 3, 4),
    )
