"""simcoalesce run: simulate a scenario and say what happens."""

import sys
from collections.abc import Sequence

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import load, scenario_argument, seed_and_replications
from simcoalesce.cli.output import check, document_text, write
from simcoalesce.cli.progress import Progress
from simcoalesce.experiment.replicate import replicate
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
    help="Write result.json, requests.csv (or origin_hits, usage; or .parquet), or"
    " the charts into a folder (charts/). May be repeated.",
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
    quiet: bool,
) -> int:
    """Simulate FILE, or one of its variants, and say what happens.

    Every replication meets other visitors; variants of a file meet the same ones.
    """
    scenario = load(file, overrides)
    for target in targets:
        check(target)
    progress = Progress(is_wanted=not quiet)
    try:
        result = replicate(
            scenario,
            replications=replications,
            seed=seed,
            on_replication=progress,
        )
    finally:
        progress.clear()
    for target in targets:
        write(target, result)
    _print(result, as_json=as_json, quiet=quiet)
    return exit_code(result)


def _print(result: Result, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        click.echo(document_text(result), nl=False)
    elif not quiet:
        from simcoalesce.report.summary import summary  # noqa: PLC0415 - not for JSON

        click.echo(summary(result, colour=sys.stdout.isatty()))
    elif exit_code(result):
        for verdict in result.expectations:
            if verdict.state != "pass":
                click.echo(f"{verdict.state}: {verdict.expectation}")


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
