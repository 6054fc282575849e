"""Verdicts for CI: annotations, a step summary, and a JUnit file."""

import os
from pathlib import Path

import click

from simcoalesce.cli.output import guarded, write_text
from simcoalesce.conditions.condition import Condition
from simcoalesce.experiment.precision import is_reached
from simcoalesce.experiment.result import Result


def say_precision(until: Condition | None, result: Result) -> None:
    """Say on stderr if the most replications were not enough."""
    if not until or not result.complete or result.measured is None:
        return
    if not is_reached(until, result.measured.subject):
        runs = f"{result.replications:,} replications"
        click.echo(f"--until {until}: not reached after {runs}", err=True)


def say_no_verdict(no_verdict: str) -> None:
    """Say on stderr why nothing follows from the runs; nothing if something does."""
    if no_verdict:
        click.echo(f"no verdict: {no_verdict}", err=True)


def tell(result: Result, *, github: bool, junit: str | None) -> None:
    """Tell CI the verdicts.

    Raises:
        CannotWrite: If a file cannot be written.
    """
    if junit:
        from simcoalesce.report.exports.junit import Junit  # noqa: PLC0415 - if asked

        write_text(junit, Junit().text(result))
    if github:
        _annotate(result)


def _annotate(result: Result) -> None:
    from simcoalesce.report.exports.github_annotations import (  # noqa: PLC0415 - only when asked
        GithubAnnotations,
    )
    from simcoalesce.report.markdown.step_summary import step_summary  # noqa: PLC0415

    click.echo(GithubAnnotations().text(result), nl=False, err=True)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        guarded(summary, lambda: _append(summary, f"{step_summary(result)}\n"))


def _append(file: str, text: str) -> None:
    with Path(file).open("a", encoding="utf-8") as summary:
        summary.write(text)
