"""Verdicts for CI: annotations, a step summary, and a JUnit file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from simcoalesce.cli.output import CannotWrite
from simcoalesce.experiment.precision import Precision
from simcoalesce.experiment.result import Result
from simcoalesce.whole_file import write_whole

F = TypeVar("F", bound=Callable[..., Any])

_SUMMARY = "GITHUB_STEP_SUMMARY"


def verdict_options(function: F) -> F:
    """Add --until, --github and --junit."""
    for option in (
        click.option(
            "--junit",
            metavar="PATH",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Write the verdicts as a JUnit file.",
        ),
        click.option(
            "--github",
            is_flag=True,
            help="Annotate the lines of expect: in GitHub Actions, on stderr, and add"
            " to the step's summary.",
        ),
        click.option(
            "--until",
            metavar="PRECISION",
            help="As many replications as it takes, e.g. 'origin_hits within 2%';"
            " --reps is then the most.",
        ),
    ):
        function = option(function)
    return function


def precision(text: str | None) -> Precision | None:
    """Return what --until asks for.

    Raises:
        UsageError: If it is no precision.
    """
    try:
        return Precision.parse(text) if text else None
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def say_precision(until: Precision | None, result: Result) -> None:
    """Say on stderr if the most replications were not enough."""
    if (
        until
        and result.complete
        and not until.is_met_by(result.estimates[until.metric])
    ):
        runs = f"{result.replications:,} replications"
        click.echo(f"--until {until.written}: not reached after {runs}", err=True)


def tell(result: Result, *, github: bool, junit: Path | None) -> None:
    """Tell CI the verdicts.

    Raises:
        CannotWrite: If a file cannot be written.
    """
    if not github and junit is None:
        return
    try:
        if junit:
            _write_junit(result, junit)
        if github:
            _annotate(result)
    except OSError as error:
        raise CannotWrite(f"cannot tell the verdicts: {error}") from error


def _write_junit(result: Result, path: Path) -> None:
    from simcoalesce.report.exports.junit import junit_text  # noqa: PLC0415 - only when asked

    write_whole(path, junit_text(result))


def _annotate(result: Result) -> None:
    from simcoalesce.report.exports.github_annotations import (  # noqa: PLC0415 - only when asked
        annotations,
        step_summary,
    )

    for line in annotations(result):
        click.echo(line, err=True)
    summary = os.environ.get(_SUMMARY)
    if summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(f"{step_summary(result)}\n")
