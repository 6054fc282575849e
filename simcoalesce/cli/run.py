"""simcoalesce run: simulate a scenario and say what happens."""

import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import (
    MOST_JOBS,
    load,
    on_option,
    out_option,
    rare_option,
    scenario_argument,
    seed_and_replications,
    usage_errors,
)
from simcoalesce.cli.out_path import checked_files
from simcoalesce.cli.output import all_written, check, wants_rows, write
from simcoalesce.cli.progress import Progress
from simcoalesce.cli.streams import print_document
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.cli.verdict_output import say_no_verdict, say_precision, tell
from simcoalesce.compiled.shards import why_whole
from simcoalesce.conditions.condition import Condition
from simcoalesce.experiment.precision import parse_precision
from simcoalesce.experiment.replicate import ROWS, replicate
from simcoalesce.experiment.result import Result
from simcoalesce.experiment.size import check_size
from simcoalesce.report.exports.result_document import ResultDocument
from simcoalesce.scenario.scenario import Scenario

_EXITS: Final = {
    "holds": exits.OK,
    "fails": exits.EXPECTATION_FAILED,
    "undecided": exits.UNDECIDED,
}


@click.command("run")
@scenario_argument
@seed_and_replications()
@click.option("--json", "as_json", is_flag=True, help="Print the result document.")
@out_option(
    "Write result.json, page.html, verdicts.xml (JUnit), the charts into a folder"
    " (charts/), or the first run as requests.csv (or origin_hits, usage; or .parquet),"
    " latency.hgrm, metrics.om (OpenMetrics), events.ndjson, or run.trace.json for"
    " ui.perfetto.dev.",
    has_folders=True,
)
@click.option(
    "--shards",
    type=click.IntRange(1, MOST_JOBS),
    metavar="N",
    help="Cut the keys of a long run into N parts, each with a core of its own, if they"
    " share nothing; by default as many as there are cores to spare.",
)
@on_option
@click.option(
    "--until",
    "precision",
    metavar="PRECISION",
    help="As many replications as it takes, e.g. 'origin_hits within 2%' or"
    " 'share(errors > 0) <= 1%' (the language: docs/conditions.md); --reps is then the"
    " maximum (default 10,000).",
)
@rare_option
@click.option(
    "--uncertain",
    is_flag=True,
    help="Draw the values of uncertain: anew for each seed, so that the intervals hold"
    " what the log of a fitted scenario left open.",
)
@click.option(
    "--github",
    is_flag=True,
    help="Annotate the lines of expect: in GitHub Actions, on stderr, and add to the"
    " step's summary.",
)
@click.option(
    "--junit",
    callback=checked_files,
    metavar="PATH",
    help="Write the verdicts as a JUnit file.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but failures.")
def command(  # noqa: PLR0913 - one argument for each option
    file: str,
    overrides: Sequence[str],
    seed: int | None,
    replications: int | None,
    *,
    as_json: bool,
    targets: Sequence[str],
    shards: int | None,
    on: str,
    precision: str | None,
    rare_ratio: float | None,
    uncertain: bool,
    github: bool,
    junit: str | None,
    quiet: bool,
) -> int:
    """Simulate FILE, or one of its variants, and say what happens.

    Each replication draws its own arrivals; variants of a file share them (common
    random numbers).
    """
    scenario = load(file, [*overrides, *_drawing(uncertain=uncertain)])
    until = _until(precision)
    rows = None if any(map(wants_rows, targets)) else ROWS
    notes = [check_size(scenario, replications, all_rows=rows is None)]
    if on != "here" or (shards or 1) > 1:
        notes += [_why_one_shard(scenario)]
    _prepare(targets, [] if quiet else notes)
    with Progress(is_wanted=not quiet) as progress:
        result = replicate(
            scenario,
            replications=replications,
            seed=seed,
            until=until,
            rows=rows,
            shards=shards,
            on=on,
            rare_ratio=rare_ratio,
            on_replication=progress if until is None else progress.of_unknown,
        )
    with all_written(targets, lambda target: write(target, result)):
        _print(result, as_json=as_json, quiet=quiet)
        say_precision(until, result)
        tell(result, github=github, junit=junit)
    return _EXITS[result.truth] if result.complete else exits.INTERRUPTED


def _prepare(targets: Sequence[str], notes: Sequence[str]) -> None:
    for target in targets:
        check(target)
    for note in filter(None, notes):
        click.echo(note, err=True)


def _drawing(*, uncertain: bool) -> Sequence[str]:
    return ["draw_uncertain=true"] if uncertain else []


def _why_one_shard(scenario: Scenario) -> str:
    shared = why_whole(scenario.path)
    return f"One shard, here: all keys share {shared}." if shared else ""


def _until(precision: str | None) -> Condition | None:
    with usage_errors():
        return parse_precision(precision) if precision else None


def _print(result: Result, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        print_document(ResultDocument().text(result))
    elif not quiet:
        from simcoalesce.report.terminal.summary import (  # noqa: PLC0415 - not for JSON
            WIDTH,
            summary,
        )

        width = terminal_width(WIDTH)
        click.echo(summary(result, colour=_wants_colour(), width=width))
    else:
        _print_failures(result)


def _print_failures(result: Result) -> None:
    """Print what is not met, and on stderr what else one must know."""
    for warning in result.warnings:
        click.echo(f"warning: {warning}", err=True)
    say_no_verdict(result.no_verdict)
    if result.truth != "holds" or not result.complete:
        for verdict in result.expectations:
            if verdict.truth != "holds":
                click.echo(f"{verdict.truth}: {verdict.expectation}")


def _wants_colour() -> bool:
    """Whether stdout is a terminal whose user has not asked for plain text."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain
