"""simcoalesce report: a saved result or an observed run as a page."""

import json
from pathlib import Path
from typing import Any

import click

from simcoalesce.cli.output import CannotWrite
from simcoalesce.cli.progress import Progress
from simcoalesce.whole_file import write_whole


@click.command("report")
@click.argument("file", metavar="RESULT")
@click.option(
    "-o",
    "--out",
    "target",
    required=True,
    metavar="PAGE",
    help="The page to write, NAME.html.",
)
def command(file: str, target: str) -> None:
    """Write a page about RESULT, with its charts: one file, which needs no network.

    RESULT is a result.json of `run`, which is run again for its rows and must give the
    same numbers, or an observed.json of `validate`, which has its rows.
    """
    if not target.endswith(".html"):
        raise CannotWrite(f"-o {target}: write NAME.html")
    document = _read(file)
    text = _page(file, document)
    try:
        write_whole(Path(target), text)
    except OSError as error:
        raise CannotWrite(f"cannot write {target}: {error.strerror}") from error


def _read(file: str) -> Any:
    try:
        return json.loads(Path(file).read_bytes())
    except OSError as error:
        raise ValueError(f"cannot read {file}: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(
            f"{file} is no result: write one with simcoalesce run FILE -o result.json"
        ) from error


def _page(file: str, document: Any) -> str:
    from simcoalesce.validation.measurement import is_measurement  # noqa: PLC0415 - slow

    if is_measurement(document):
        from simcoalesce.report.html.measurement_page import (  # noqa: PLC0415 - matplotlib
            measurement_page,
        )
        from simcoalesce.validation.measurement import measurement  # noqa: PLC0415 - slow

        return measurement_page(measurement(file))
    if isinstance(document, dict) and "counterfactuals" in document:
        raise ValueError(
            f"{file} is an explanation; its page is written along with it:"
            " simcoalesce explain FILE -o explain.html"
        )
    return _page_of_result(file)


def _page_of_result(file: str) -> str:
    from simcoalesce.experiment.saved import made_again  # noqa: PLC0415 - slow
    from simcoalesce.report.html.result_page import result_page  # noqa: PLC0415 - matplotlib

    progress = Progress(is_wanted=True)
    try:
        return result_page(made_again(file, on_replication=progress))
    finally:
        progress.clear()
