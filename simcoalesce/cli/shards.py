"""Options of a long run: into how many parts its keys are cut, and where those run."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import click

from simcoalesce.cli.points import scheduler
from simcoalesce.compiled.shards import why_whole
from simcoalesce.experiment.processes import processors
from simcoalesce.experiment.run import run_tally
from simcoalesce.experiment.sweeps.cluster import keys_on_dask
from simcoalesce.metrics.tally import Tally
from simcoalesce.scenario.scenario import Scenario

F = TypeVar("F", bound=Callable[..., Any])


def shard_options(function: F) -> F:
    """Add --shards and --on."""
    for option in (
        click.option(
            "--shards",
            type=click.IntRange(min=1),
            metavar="N",
            help="Cut the keys of a long run into N parts, each with a core of its own,"
            " if they share nothing; by default as many as there are cores to spare.",
        ),
        click.option(
            "--on",
            default="here",
            metavar="WHERE",
            help="Where these parts run: here, dask-local, or dask://HOST:PORT.",
        ),
    ):
        function = option(function)
    return function


def counter(
    scenario: Scenario, shards: int | None, on: str, *, quiet: bool
) -> Callable[..., Tally]:
    """Return what counts a run; say it if its keys cannot be cut.

    Raises:
        UsageError: If nobody is called so, or Dask is not installed.
    """
    is_asked = on != "here" or (shards or 1) > 1
    shared = why_whole(scenario.path) if is_asked else ""
    if shared and not quiet:
        click.echo(f"One shard, here: all keys share {shared}.", err=True)
    if on == "here" or shared:
        return partial(run_tally, shards=shards)
    jobs = shards or processors()
    try:
        return keys_on_dask(scheduler(on), jobs=jobs, shards=jobs)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
