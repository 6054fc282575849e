"""simcoalesce run: simulate a scenario and say what happens."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import load, scenario_argument, seed_and_replications
from simcoalesce.cli.output import CannotWrite, check, document_text, wants_rows, write
from simcoalesce.cli.progress import Progress
from simcoalesce.cli.shards import counter, shard_options
from simcoalesce.cli.size import check_size
from simcoalesce.cli.verdict_output import (
    precision,
    say_precision,
    tell,
    verdict_options,
)
from simcoalesce.experiment.replicate import ROWS, replicate
from simcoalesce.experiment.result import Result


@click.command("run")
@scenario_argument
@seed_and_replications
@click.option("--json", "as_json", is_flag=True, help="Print the result document.")
@click.option(
    "-o",
    "--out",
    "targets",
    multiple=True,
    metavar="PATH",
    help="Write result.json, requests.csv (or origin_hits, usage; or .parquet), the"
    " charts into a folder (charts/), or the first run as latency.hgrm, events.ndjson,"
    " or run.trace.json for ui.perfetto.dev. May be repeated.",
)
@shard_options
@verdict_options
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
    until: str | None,
    github: bool,
    junit: Path | None,
    quiet: bool,
) -> int:
    """Simulate FILE, or one of its variants, and say what happens.

    Every replication meets other clients; variants of a file meet the same ones.
    """
    scenario = load(file, overrides)
    all_rows = any(map(wants_rows, targets))
    check_size(scenario, replications, all_rows=all_rows, quiet=quiet)
    for target in targets:
        check(target)
    wanted = precision(until)
    count = counter(scenario, shards, on, quiet=quiet)
    progress = Progress(is_wanted=not quiet and wanted is None)
    try:
        result = replicate(
            scenario,
            replications=replications,
            seed=seed,
            until=wanted,
            rows=sys.maxsize if all_rows else ROWS,
            count=count,
            on_replication=progress,
        )
    finally:
        progress.clear()
    failures = _written(targets, result)
    _print(result, as_json=as_json, quiet=quiet)
    say_precision(wanted, result)
    tell(result, github=github, junit=junit)
    if failures:
        raise CannotWrite("\n".join(failures))
    return exit_code(result)


def _written(targets: Sequence[str], result: Result) -> list[str]:
    """Write all that can be written, and return why the rest cannot be."""
    failures: list[str] = []
    for target in targets:
        try:
            write(target, result)
        except CannotWrite as error:
            failures.append(error.message)
    return failures


def _print(result: Result, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        click.echo(document_text(result), nl=False)
    elif not quiet:
        from simcoalesce.report.terminal.summary import summary  # noqa: PLC0415 - not for JSON

        click.echo(summary(result, colour=_wants_colour()))
    elif exit_code(result):
        for verdict in result.expectations:
            if verdict.state != "pass":
                click.echo(f"{verdict.state}: {verdict.expectation}")


def _wants_colour() -> bool:
    """Whether stdout is a terminal whose user has not asked for plain text."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain


def exit_code(result: Result) -> int:
    """Return what the shell is told of a result."""
    if not result.complete:
        return exits.INTERRUPTED
    required = [v for v in result.expectations if v.expectation.level == "fail"]
    if any(verdict.state == "fail" for verdict in required):
        return exits.EXPECTATION_FAILED
    if any(verdict.state == "undecided" for verdict in required):
        return exits.UNDECIDED
    return exits.OK
