"""Files that a sweep writes: its table and its picture."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from simcoalesce.cli.output import (
    CannotWrite,
    all_written,
    check_folder,
    export,
    guarded,
)
from simcoalesce.csv_text import csv_text
from simcoalesce.experiment.sweeps.shard import Shard
from simcoalesce.experiment.sweeps.sweep import Sweep
from simcoalesce.experiment.sweeps.sweep_table import Row, frame_of, table_rows
from simcoalesce.whole_file import whole_file

_TABLES: Final = frozenset((".csv", ".parquet"))
_PICTURES: Final = frozenset((".png", ".svg"))


def check_targets(targets: Sequence[str]) -> None:
    """Refuse what cannot be written, before anything is simulated.

    Raises:
        CannotWrite: If a suffix is unknown, or a folder is not there.
    """
    for target in targets:
        suffix = Path(target).suffix
        if suffix not in _PICTURES:
            check_table(target, or_else="NAME.png or NAME.svg")
        check_folder(target)


def check_table(target: str, *, or_else: str = "") -> None:
    """Refuse a name that is not that of a table.

    Raises:
        CannotWrite: If the suffix is unknown, or nothing here writes such files.
    """
    suffix = Path(target).suffix
    if suffix not in _TABLES:
        names = ", ".join(filter(None, ["NAME.csv", "NAME.parquet", or_else]))
        raise CannotWrite(f"-o {target}: write {names}")
    export(target)


def targets_written(
    targets: Sequence[str], sweep: Sweep, shard: Shard, drawn: object
) -> AbstractContextManager[None]:
    """Write the table, or the picture, before the block that tells what was found.

    Args:
        targets: The files.
        sweep: What a table has.
        shard: Which part of the sweep that is.
        drawn: What a picture shows.

    Raises:
        CannotWrite: Behind the block, if a file cannot be written.
    """

    def write(target: str) -> None:
        path = Path(target)
        if path.suffix in _TABLES:
            write_table(path, table_rows(sweep, shard))
        else:
            _draw(path, drawn)

    return all_written(targets, write)


def write_table(path: Path, rows: Sequence[Row]) -> None:
    """Write a table as CSV or Parquet, by the suffix; whole or not at all.

    Raises:
        CannotWrite: If the file cannot be written.
    """

    def write_it() -> None:
        with whole_file(path) as file:
            if path.suffix == ".csv":
                file.write(csv_text(rows).encode())
            else:
                frame_of(rows).to_parquet(file, index=False)

    guarded(str(path), write_it)


def _draw(path: Path, shown: object) -> None:
    from simcoalesce.report.drawing.figure import save_picture  # noqa: PLC0415 - matplotlib
    from simcoalesce.report.picture import pictures_of  # noqa: PLC0415 - matplotlib

    (picture,) = pictures_of(shown).values()
    guarded(str(path), lambda: save_picture(picture, shown, path))
