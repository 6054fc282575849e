"""Files that a command writes: whole or not at all, by the suffix of their names."""

import json
import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final

import click

from simcoalesce.cli.exits import USAGE
from simcoalesce.experiment.result import Result
from simcoalesce.outcomes import Outcomes
from simcoalesce.whole_file import whole_file

_TABLES = ("requests", "origin_hits", "usage")
_TRACE: Final = ".trace.json"
_EXPORTS: Final = {
    ".hgrm": ("simcoalesce.report.exports.hgrm", "hgrm_text"),
    ".ndjson": ("simcoalesce.report.exports.events", "events_text"),
}


class CannotWrite(click.ClickException):
    """A file cannot be written."""

    exit_code = USAGE


def document_text(result: Result) -> str:
    """Return the result document as text; the same result gives the same bytes."""
    return json.dumps(result.document(), indent=2, ensure_ascii=False) + "\n"


def check(target: str) -> None:
    """Refuse what cannot be written, before anything is simulated.

    Raises:
        CannotWrite: If the folder cannot be made or written, or the suffix is unknown.
    """
    path = Path(target)
    if _is_folder(target):
        _made(path)
        return
    if path.suffix not in {".html", ".json", ".csv", ".parquet", *_EXPORTS}:
        raise CannotWrite(
            f"-o {target}: write NAME.html, NAME.json, NAME.csv, NAME.parquet,"
            " NAME.hgrm, NAME.ndjson, NAME.trace.json, or a folder for charts with a"
            " slash at its end (charts/)"
        )
    if path.suffix == ".parquet":
        check_parquet(target)
    _made(path.parent)


def write(target: str, result: Result) -> None:
    """Write what a target names: the document, a table, or the charts.

    Raises:
        CannotWrite: If the file cannot be written; nothing of it is left then.
    """
    path = Path(target)
    if _is_folder(target):
        from simcoalesce.report.pictures.style import save_charts  # noqa: PLC0415 - matplotlib

        _guarded(target, lambda: save_charts(result.outcomes, result.scenario, path))
    elif path.suffix in _EXPORTS or _is_trace(path):
        _atomically(path, lambda file: file.write(_exported(path, result).encode()))
    elif path.suffix == ".html":
        from simcoalesce.report.html.result_page import result_page  # noqa: PLC0415 - slow

        text = result_page(result)
        _atomically(path, lambda file: file.write(text.encode()))
    elif path.suffix == ".json":
        text = document_text(result)
        _atomically(path, lambda file: file.write(text.encode()))
    else:
        table = _table(path.stem, result)
        if path.suffix == ".csv":
            _atomically(path, lambda file: table.to_csv(file, index=False))
        else:
            _atomically(path, lambda file: table.to_parquet(file, index=False))


def wants_rows(target: str) -> bool:
    """Whether a target is a file with a line for each request, or for each call."""
    path = Path(target)
    is_table = path.suffix in {".csv", ".parquet"} and path.stem != "usage"
    return not _is_folder(target) and (
        is_table or path.suffix in _EXPORTS or _is_trace(path)
    )


def _is_trace(path: Path) -> bool:
    return path.name.endswith(_TRACE)


def _exported(path: Path, result: Result) -> str:
    """Return the first run as other programs read it."""
    if _is_trace(path):
        from simcoalesce.report.exports.perfetto_trace import trace_text  # noqa: PLC0415 - only if asked

        return trace_text(result.outcomes, result.scenario)
    module, function = _EXPORTS[path.suffix]
    export: Callable[[Outcomes], str] = getattr(import_module(module), function)
    return export(result.outcomes)


def _table(stem: str, result: Result) -> Any:
    outcomes = result.outcomes
    tables = (outcomes.requests, outcomes.origin_hits, outcomes.usage_table)
    return dict(zip(_TABLES, tables, strict=True)).get(stem, outcomes.requests)


def _is_folder(target: str) -> bool:
    return target.endswith(("/", os.sep)) or Path(target).is_dir()


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(
            f"cannot make the folder {folder}: {error.strerror}"
        ) from error
    if not os.access(folder, os.W_OK):
        raise CannotWrite(f"cannot write into the folder {folder}: no permission")


def check_parquet(target: str) -> None:
    """Refuse a Parquet file if nothing here can write one.

    Raises:
        CannotWrite: With what to install.
    """
    if find_spec("pyarrow") is None:
        raise CannotWrite(
            f"-o {target}: Parquet needs an extra: pip install 'simcoalesce[parquet]'"
        )


def _atomically(path: Path, fill: Callable[[IO[bytes]], object]) -> None:
    def write_it() -> None:
        with whole_file(path) as file:
            fill(file)

    _guarded(str(path), write_it)


def _guarded(target: str, action: Callable[[], object]) -> None:
    try:
        action()
    except OSError as error:
        raise CannotWrite(f"cannot write {target}: {error.strerror}") from error
