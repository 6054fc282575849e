"""Arguments that mean the same in every command."""

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click
from typing_extensions import override

from simcoalesce.cli.exits import INVALID
from simcoalesce.scenario.scenario import Scenario, split_variant

F = TypeVar("F", bound=Callable[..., Any])


class Unusable(click.ClickException):
    """The scenario cannot be used; the message says where and why."""

    exit_code = INVALID

    @override
    def show(self, file: Any = None) -> None:
        """Print the message as it is: it begins with file, line and column."""
        click.echo(self.message, err=True, file=file)


def scenario_argument(function: F) -> F:
    """Add FILE[@VARIANT] and -s KEY=VALUE."""
    function = click.option(
        "-s",
        "--set",
        "overrides",
        multiple=True,
        metavar="KEY=VALUE",
        help="Change a value, e.g. -s kv.write_latency=20ms. May be repeated.",
    )(function)
    return click.argument("file", metavar="FILE[@VARIANT]")(function)


def seed_and_replications(function: F) -> F:
    """Add --seed and --reps."""
    function = click.option(
        "--seed",
        type=click.IntRange(min=0),
        help="Seed of the first replication; the i-th has seed + i.",
    )(function)
    return click.option(
        "--reps",
        "replications",
        type=click.IntRange(min=1),
        help="Number of replications.",
    )(function)


def load(file: str, overrides: Sequence[str]) -> Scenario:
    """Load a scenario, from stdin if its name is ``-``.

    Raises:
        Unusable: If it is invalid; the message lists everything that is wrong.
    """
    name, variant = split_variant(file)
    try:
        if name == "-":
            text = sys.stdin.buffer.read()
            return Scenario.parse(
                text, name="stdin", variant=variant, overrides=overrides
            )
        return Scenario.load(name, variant=variant, overrides=overrides)
    except ValueError as error:
        raise Unusable(str(error)) from error
