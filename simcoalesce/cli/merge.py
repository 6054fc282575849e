"""simcoalesce merge: the tables of shards become one."""

from collections.abc import Sequence
from pathlib import Path

import click

from simcoalesce.cli.output import CannotWrite
from simcoalesce.experiment.sweeps.table import merged_text
from simcoalesce.whole_file import write_whole


@click.command("merge")
@click.argument(
    "tables",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option(
    "-o",
    "--out",
    "target",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Where to; stdout if absent.",
)
def command(tables: Sequence[Path], target: Path | None) -> None:
    """Join the TABLES that `sweep --shard I/N -o` wrote: the bytes of one sweep."""
    text = merged_text(tables)
    if target is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(target, text)
    except OSError as error:
        raise CannotWrite(f"cannot write {target}: {error.strerror}") from error
