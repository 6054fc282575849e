"""simcoalesce init: a scenario to start from."""

from pathlib import Path

import click

from simcoalesce.cli.output import CannotWrite
from simcoalesce.scenario.template import init, template_names


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--template",
    type=click.Choice(template_names()),
    default="flash-sale",
    show_default=True,
    help="Which scenario to start from.",
)
@click.option("--force", is_flag=True, help="Write over files that are there.")
def command(folder: Path, template: str, *, force: bool) -> None:
    """Write a commented scenario, and the schema for your editor, into DIR."""
    try:
        written = init(template, folder, force=force)
    except OSError as error:
        # Without an errno it is our own refusal to write over a file.
        reason = error.strerror
        said = f"cannot write into {folder}: {reason}" if reason else str(error)
        raise CannotWrite(said) from error
    click.echo(f"Wrote {written.scenario} and {written.schema}. Next:")
    explains = ["explain"] if template == "incident" else []
    for name in (*explains, "run", "show"):
        click.echo(f"  simcoalesce {name} {written.scenario}")
