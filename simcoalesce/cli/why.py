"""simcoalesce why: the trace of one request."""

from collections.abc import Sequence

import click

from simcoalesce.api import why
from simcoalesce.cli.arguments import load, scenario_argument, usage_errors
from simcoalesce.cli.streams import print_document
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.json_text import json_text
from simcoalesce.report.blocks.request_trace import WIDTH, request_trace_text


@click.command("why")
@scenario_argument
@click.option(
    "--request",
    "which",
    default="slowest",
    show_default=True,
    metavar="N|NAME",
    help="Its number by arrival, or slowest, first-429, first-error, first-miss,"
    " first-hit, first-stale or first-bypass.",
)
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the run.")
@click.option("--json", "as_json", is_flag=True, help="Print the trace as JSON.")
def command(
    file: str, overrides: Sequence[str], which: str, seed: int | None, *, as_json: bool
) -> None:
    """Print the trace of one request of FILE: its lookups, calls and waits."""
    scenario = load(file, overrides)
    with usage_errors():
        found = why(scenario, which, seed=seed)
    if as_json:
        print_document(json_text(found.document(), indent=2) + "\n")
    else:
        width = terminal_width(WIDTH)
        click.echo(request_trace_text(found, scenario, width=width))
