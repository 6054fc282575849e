"""Files that a command writes: whole or not at all, by the suffix of their names."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from simcoalesce.cli.exits import USAGE
from simcoalesce.experiment.result import Result
from simcoalesce.report.export import Export, export_for
from simcoalesce.whole_file import whole_file, write_whole


class CannotWrite(click.ClickException):
    """A file cannot be written."""

    exit_code = USAGE


def check(target: str) -> None:
    """Refuse what cannot be written, before anything is simulated.

    Raises:
        CannotWrite: If the folder cannot be made or written, or the suffix is unknown.
    """
    if not is_folder(target):
        export(target)
    _made(Path(target) if is_folder(target) else Path(target).parent)


def export(target: str) -> Export:
    """Return the export that a target asks for.

    Raises:
        CannotWrite: If there is none, or something has to be installed first.
    """
    try:
        return export_for(Path(target).name)
    except ValueError as error:
        raise CannotWrite(f"-o {target}: {error}") from error


def write(target: str, result: Result) -> None:
    """Write what a target names: a form of the result, or the pictures.

    Raises:
        CannotWrite: If the file cannot be written; nothing of it is left then.
    """
    path = Path(target)
    if is_folder(target):
        from simcoalesce.api import charts  # noqa: PLC0415 - --help needs no experiments

        guarded(target, lambda: charts(result, path))
        return

    def write_it() -> None:
        with whole_file(path) as file:
            export(target).write(result, file, path.name)

    guarded(target, write_it)


def wants_rows(target: str) -> bool:
    """Whether a target is a file with a line for each request, or for each call."""
    return not is_folder(target) and export(target).needs_rows(Path(target).name)


def is_folder(target: str) -> bool:
    """Whether a target is a folder, or is to be one."""
    return target.endswith(("/", os.sep)) or _is_there(Path(target))


def _is_there(folder: Path) -> bool:
    """Whether a folder is there.

    Raises:
        CannotWrite: If this user may not know.
    """
    try:
        return folder.is_dir()
    except OSError as error:
        raise CannotWrite(f"cannot write {folder}: {error.strerror}") from error


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(
            f"cannot make the folder {folder}: {error.strerror}"
        ) from error
    _check_writable(folder)


def _check_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK):
        raise CannotWrite(f"cannot write into the folder {folder}: no permission")


def guarded(target: str, action: Callable[[], object]) -> None:
    """Do what writes a target.

    Raises:
        CannotWrite: If the file cannot be written.
    """
    try:
        action()
    except OSError as error:
        raise CannotWrite(
            f"cannot write {target}: {error.strerror or error}"
        ) from error


@contextmanager
def all_written(
    targets: Sequence[str], write_one: Callable[[str], object]
) -> Iterator[None]:
    """Write all targets that can be written; then the block tells the result.

    Raises:
        CannotWrite: Behind the block, with all that cannot be written.
    """
    failures: list[str] = []
    for target in targets:
        try:
            write_one(target)
        except CannotWrite as error:
            failures.append(error.message)
    yield
    if failures:
        raise CannotWrite("\n".join(failures))


def write_text(target: str, text: str) -> None:
    """Write a text.

    Raises:
        CannotWrite: If the file cannot be written.
    """
    guarded(target, lambda: write_whole(Path(target), text))


def check_folder(target: str) -> None:
    """Refuse a file whose folder is not there, or takes none.

    Raises:
        CannotWrite: If it is not.
    """
    folder = Path(target).parent
    if not _is_there(folder):
        raise CannotWrite(f"-o {target}: there is no folder {folder}")
    _check_writable(folder)
