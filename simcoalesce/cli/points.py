"""Options of commands that simulate many points: who does it, and which part."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click

from simcoalesce.experiment.processes import processors
from simcoalesce.experiment.sweeps.cluster import on_dask
from simcoalesce.experiment.sweeps.executor import (
    Executor,
    in_processes,
    in_this_process,
)

F = TypeVar("F", bound=Callable[..., Any])

_SHARD: Final = re.compile(r"(\d{1,6})/(\d{1,6})")


def execution_options(function: F) -> F:
    """Add -j, --on, --shard and --no-cache."""
    for option in (
        click.option(
            "-j",
            "--jobs",
            type=click.IntRange(min=1),
            help="Processes; as many as there are cores if absent. It changes no byte.",
        ),
        click.option(
            "--on",
            default="here",
            metavar="WHERE",
            help="here, dask-local, or dask://HOST:PORT.",
        ),
        click.option(
            "--shard",
            metavar="I/N",
            help="Only this part of the points, e.g. 3/16; merge joins the tables.",
        ),
        click.option(
            "--cache/--no-cache",
            "cached",
            default=True,
            help="Whether to use and fill .simcoalesce/cache.",
        ),
    ):
        function = option(function)
    return function


def executor(on: str, jobs: int | None, points: int) -> tuple[Executor, int]:
    """Return who does the work, and how many they are.

    Raises:
        UsageError: If nobody is called so, or Dask is not installed.
    """
    workers = min(jobs or processors(), max(points, 1))
    if on == "here":
        return (in_this_process if workers == 1 else in_processes(workers)), workers
    try:
        return on_dask(scheduler(on), jobs=workers), workers
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def scheduler(on: str) -> str | None:
    """Return the address of a Dask scheduler; None is a cluster on this machine.

    Raises:
        UsageError: If it is no address.
    """
    scheme, _, address = on.partition("://")
    if on != "dask-local" and (scheme != "dask" or not address):
        raise click.UsageError(
            f"--on {on}: write here, dask-local, or dask://HOST:PORT"
        )
    return address or None


def shard_places(shard: str | None, points: int) -> Sequence[int]:
    """Return the indices of the points of a shard: every N-th, from the I-th on.

    Raises:
        UsageError: If it is no shard.
    """
    if shard is None:
        return range(points)
    match = _SHARD.fullmatch(shard)
    number, of = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= of:
        raise click.UsageError(f"--shard {shard}: write e.g. 3/16, from 1/16 to 16/16")
    return range(number - 1, points, of)
