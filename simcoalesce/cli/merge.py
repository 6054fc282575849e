"""simcoalesce merge: the tables of shards become one."""

from collections.abc import Sequence
from pathlib import Path

import click

from simcoalesce.cli.arguments import naming
from simcoalesce.cli.out_path import checked_files
from simcoalesce.cli.streams import print_document
from simcoalesce.cli.sweep_output import check_table, write_table
from simcoalesce.csv_text import csv_text
from simcoalesce.experiment.sweeps.merge import merged_rows


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
    callback=checked_files,
    metavar="PATH",
    help="Where to, NAME.csv or NAME.parquet; CSV on stdout if absent.",
)
@naming("tables")
def command(tables: Sequence[Path], target: str | None) -> None:
    """Join the TABLES that `sweep --shard I/N -o` wrote: the bytes of one sweep."""
    if target is not None:
        check_table(target)
    rows = merged_rows(tables)
    if target is None:
        print_document(csv_text(rows))
    else:
        write_table(Path(target), rows)
