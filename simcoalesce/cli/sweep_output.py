"""Files that a sweep writes: its table and its picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from simcoalesce.cli.output import CannotWrite, check_parquet
from simcoalesce.experiment.sweeps.sweep import SweepPlan
from simcoalesce.experiment.sweeps.sweep_table import Row, frame_of, table_rows, text_of
from simcoalesce.report.blocks.sweep_view import SweepView
from simcoalesce.whole_file import whole_file, write_whole

_TABLES: Final = frozenset((".csv", ".parquet"))
_PICTURES: Final = frozenset((".png", ".svg"))


def check_targets(targets: Sequence[str], plan: SweepPlan) -> None:
    """Refuse what cannot be written, before anything is simulated.

    Raises:
        CannotWrite: If a suffix is unknown, a folder is not there, or the axes allow no
            picture.
    """
    for target in targets:
        suffix = Path(target).suffix
        if suffix in _PICTURES and len(plan.axes) == 1:
            raise CannotWrite(f"-o {target}: one parameter is a list, and no picture")
        if suffix not in _PICTURES:
            check_table(target, or_else="NAME.png or NAME.svg")
        _check_folder(target)


def check_table(target: str, *, or_else: str = "") -> None:
    """Refuse a name that is not that of a table.

    Raises:
        CannotWrite: If the suffix is unknown, or nothing here writes such files.
    """
    suffix = Path(target).suffix
    if suffix not in _TABLES:
        names = ", ".join(filter(None, ["NAME.csv", "NAME.parquet", or_else]))
        raise CannotWrite(f"-o {target}: write {names}")
    if suffix == ".parquet":
        check_parquet(target)


def _check_folder(target: str) -> None:
    folder = Path(target).parent
    if not folder.is_dir():
        raise CannotWrite(f"-o {target}: there is no folder {folder}")


def write_targets(targets: Sequence[str], shown: SweepView) -> None:
    """Write the table, or the picture; each file appears whole or not at all.

    Raises:
        CannotWrite: If a file cannot be written.
    """
    for target in targets:
        path = Path(target)
        if path.suffix in _TABLES:
            write_table(path, table_rows(shown.sweep))
        else:
            _draw(path, shown)


def write_table(path: Path, rows: Sequence[Row]) -> None:
    """Write a table as CSV or Parquet, by the suffix; whole or not at all.

    Raises:
        CannotWrite: If the file cannot be written.
    """
    try:
        if path.suffix == ".csv":
            write_whole(path, text_of(rows))
        else:
            with whole_file(path) as file:
                frame_of(rows).to_parquet(file, index=False)
    except OSError as error:
        raise CannotWrite(f"cannot write {path}: {error.strerror}") from error


def _draw(path: Path, shown: SweepView) -> None:
    from simcoalesce.report.pictures.heat_map import save_heat_map  # noqa: PLC0415 - matplotlib
    from simcoalesce.report.pictures.tornado import save_tornado  # noqa: PLC0415 - matplotlib

    plan = shown.plan
    is_grid = len(plan.axes) == 2 and plan.sample == "grid"
    try:
        (save_heat_map if is_grid else save_tornado)(shown, path)
    except OSError as error:
        raise CannotWrite(f"cannot write {path}: {error.strerror}") from error
