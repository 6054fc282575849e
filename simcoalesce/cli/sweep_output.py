"""Files that a sweep writes: its table, its picture and its page."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol

from simcoalesce.cli.output import (
    CannotWrite,
    all_written,
    check_folder,
    export,
    guarded,
    write_text,
)
from simcoalesce.csv_text import csv_text
from simcoalesce.experiment.sweeps.shard import Shard
from simcoalesce.experiment.sweeps.sweep import Sweep
from simcoalesce.experiment.sweeps.sweep_table import Row, frame_of, table_rows
from simcoalesce.report.blocks.report import Report
from simcoalesce.whole_file import whole_file

_TABLES: Final = frozenset((".csv", ".parquet"))
_PICTURES: Final = frozenset((".png", ".svg"))
_PAGES: Final = frozenset((".html", ".md"))


class ShownSweep(Protocol):
    """What a sweep found, as files show it."""

    @property
    def drawn(self) -> object:
        """What a picture shows."""

    @property
    def report(self) -> Report:
        """What a page shows."""


def check_targets(targets: Sequence[str]) -> None:
    """Refuse what cannot be written, before anything is simulated.

    Raises:
        CannotWrite: If a suffix is unknown, or a folder is not there.
    """
    for target in targets:
        suffix = Path(target).suffix
        if suffix not in _PICTURES | _PAGES:
            check_table(target, or_else="NAME.html, NAME.md, NAME.png or NAME.svg")
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
    targets: Sequence[str], sweep: Sweep, shard: Shard, found: ShownSweep
) -> AbstractContextManager[None]:
    """Write table, picture or page before the block that tells what was found.

    Args:
        targets: The files.
        sweep: What a table has.
        shard: Which part of the sweep that is.
        found: What a picture or a page shows.

    Raises:
        CannotWrite: Behind the block, if a file cannot be written.
    """

    def write(target: str) -> None:
        path = Path(target)
        if path.suffix in _TABLES:
            write_table(path, table_rows(sweep, shard))
        elif path.suffix in _PAGES:
            write_text(target, _page_text(found.report, path.suffix))
        else:
            _draw(path, found.drawn)

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


def _page_text(report: Report, suffix: str) -> str:
    if suffix == ".md":
        from simcoalesce.report.markdown.report import report_markdown  # noqa: PLC0415

        return report_markdown(report)
    from simcoalesce.report.html.page import page  # noqa: PLC0415 - matplotlib

    return page(report)


def _draw(path: Path, shown: object) -> None:
    from simcoalesce.report.drawing.figure import save_picture  # noqa: PLC0415 - matplotlib
    from simcoalesce.report.picture import pictures_of  # noqa: PLC0415 - matplotlib

    (picture,) = pictures_of(shown).values()
    guarded(str(path), lambda: save_picture(picture, shown, path))
