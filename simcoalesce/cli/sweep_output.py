"""Files that a sweep writes: its table and its picture."""

from collections.abc import Sequence
from pathlib import Path

from simcoalesce.cli.output import CannotWrite
from simcoalesce.experiment.sweeps.sweep import Plan
from simcoalesce.experiment.sweeps.table import table_text
from simcoalesce.report.sweep_view import SweepView
from simcoalesce.whole_file import write_whole


def check_targets(targets: Sequence[str], plan: Plan) -> None:
    """Refuse what cannot be written, before anything is simulated.

    Raises:
        CannotWrite: If a suffix is unknown, a folder is not there, or the axes allow no
            picture.
    """
    for target in targets:
        path = Path(target)
        if path.suffix not in {".csv", ".png", ".svg"}:
            raise CannotWrite(f"-o {target}: write NAME.csv, NAME.png or NAME.svg")
        if path.suffix != ".csv" and (len(plan.axes) != 2 or plan.sample != "grid"):
            raise CannotWrite(
                f"-o {target}: only a grid of two parameters is a picture"
            )
        if not path.parent.is_dir():
            raise CannotWrite(f"-o {target}: there is no folder {path.parent}")


def write_targets(targets: Sequence[str], shown: SweepView) -> None:
    """Write the table, or the picture; each file appears whole or not at all.

    Raises:
        CannotWrite: If a file cannot be written.
    """
    for target in targets:
        path = Path(target)
        try:
            if path.suffix == ".csv":
                write_whole(path, table_text(shown.sweep))
            else:
                from simcoalesce.report.heat_map import (  # noqa: PLC0415 - matplotlib
                    save_heat_map,
                )

                save_heat_map(shown, path)
        except OSError as error:
            raise CannotWrite(f"cannot write {target}: {error.strerror}") from error
