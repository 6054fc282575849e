"""simcoalesce report: a saved result or a measured run as a page."""

from pathlib import Path

import click

from simcoalesce.cli.arguments import confine, untrusted_option
from simcoalesce.cli.out_path import checked_files
from simcoalesce.cli.output import CannotWrite, write_text
from simcoalesce.cli.progress import Progress


@click.command("report")
@click.argument("file", metavar="RESULT")
@click.option(
    "-o",
    "--out",
    "target",
    required=True,
    callback=checked_files,
    metavar="PAGE",
    help="The page to write, NAME.html.",
)
@untrusted_option
def command(file: str, target: str) -> None:
    """Write a page about RESULT, with its charts: one file, which needs no network.

    RESULT is a result.json of `run`, which is simulated again to get every request; a
    different number is an error. Or it is a measurement.json of `validate`, which has
    every request.
    """
    from simcoalesce.api import page  # noqa: PLC0415 - --help needs no experiments

    if not target.endswith(".html"):
        raise CannotWrite(f"-o {target}: write NAME.html")
    confine(Path(file).parent)
    with Progress() as progress:
        text = page(file, on_replication=progress)
    write_text(target, text)
