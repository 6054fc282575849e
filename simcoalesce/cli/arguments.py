"""Arguments that mean the same in every command."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click

from simcoalesce.cli.completion import override_keys, scenario_files
from simcoalesce.cli.out_path import checked_files, checked_out
from simcoalesce.confinement import confined
from simcoalesce.experiment.sweeps.cluster import scheduler
from simcoalesce.model.layer import Layer
from simcoalesce.scenario.layer_section import layer_sections
from simcoalesce.scenario.named_variant import split_variant
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.scenario_spec import MOST_REPLICATIONS
from simcoalesce.suggestion import listed
from simcoalesce.units import parse_ratio

F = TypeVar("F", bound=Callable[..., Any])
_UNTRUSTED: Final = "simcoalesce.untrusted"
MOST_JOBS: Final = 1_024
"""More processes or parts than any machine has cores for."""

overrides_option = click.option(
    "-s",
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=override_keys,
    help="Change a value, e.g. -s kv.write_latency=20ms. May be repeated.",
)


def _noted(context: click.Context, _parameter: object, is_untrusted: bool) -> None:  # noqa: FBT001 - click calls it so
    context.meta[_UNTRUSTED] = is_untrusted


untrusted_option = click.option(
    "--untrusted",
    is_flag=True,
    expose_value=False,
    callback=_noted,
    help="FILE is a stranger's: the files that it names lie below its folder, and"
    " nothing of them is shown (docs/trust.md).",
)


def confine(folder: Path) -> None:
    """Confine files to a folder until the command ends, if --untrusted says so."""
    context = click.get_current_context(silent=True)
    if context is not None and context.meta.get(_UNTRUSTED):
        context.with_resource(confined(folder))


def naming(parameter: str) -> Callable[[F], F]:
    """Return what has errors of a command begin with its files, unless they say them.

    Much is found only when a scenario is run, where nobody knows the file any more.

    Args:
        parameter: That of the command which has the file, or several.
    """

    def named(function: F) -> F:
        @wraps(function)
        def command(*arguments: Any, **options: Any) -> Any:
            given = options[parameter]
            files = [given] if isinstance(given, str) else [*map(str, given)]
            names = ["stdin" if file == "-" else file for file in files]
            try:
                return function(*arguments, **options)
            except ValueError as error:
                said = str(error)
                if any(split_variant(name)[0] in said for name in names):
                    raise
                raise ValueError(f"{listed(names, 3)}: {said}") from error

        return cast("F", command)

    return named


def scenario_argument(function: F) -> F:
    """Add FILE[@VARIANT], -s KEY=VALUE and --untrusted."""
    function = untrusted_option(overrides_option(naming("file")(function)))
    return click.argument(
        "file", metavar="FILE[@VARIANT]", shell_complete=scenario_files
    )(function)


def seed_and_replications(fewest: int = 1) -> Callable[[F], F]:
    """Return what adds --seed and --reps, of which there must be so many."""
    seed = click.option(
        "--seed",
        type=click.IntRange(min=0),
        help="Seed of the first replication; the i-th has seed + i.",
    )
    replications = click.option(
        "--reps",
        "replications",
        type=click.IntRange(fewest, MOST_REPLICATIONS),
        help="Number of replications.",
    )
    return lambda function: replications(seed(function))


def _ratio(_context: object, _parameter: object, text: str | None) -> float | None:
    with usage_errors():
        ratio = None if text is None else parse_ratio(text)
        if ratio is not None and not 0 < ratio < 1:
            raise ValueError(f"--rare {text}: write a share above 0, e.g. 1%")
    return ratio


rare_option = click.option(
    "--rare",
    "rare_ratio",
    metavar="SHARE",
    callback=_ratio,
    help="A number that was the same in all runs passes only if at most this share of"
    " runs can have another, e.g. 1%, which takes 299 runs.",
)


def out_option(what: str, *, has_folders: bool = False) -> Callable[[F], F]:
    """Return what adds -o PATH, which may be repeated.

    Args:
        what: What it writes.
        has_folders: Whether PATH may be a folder, for pictures.
    """
    return click.option(
        *("-o", "--out", "targets"),
        multiple=True,
        callback=checked_out if has_folders else checked_files,
        metavar="PATH",
        help=f"{what} May be repeated.",
    )


def _checked_where(_context: object, _parameter: object, on: str) -> str:
    if on != "here":
        with usage_errors():
            scheduler(on)
    return on


on_option = click.option(
    "--on",
    default="here",
    metavar="WHERE",
    callback=_checked_where,
    help="Where to simulate: here, dask-local, dask+tls://HOST:PORT, or dask://HOST:PORT"
    " where nobody else can connect.",
)


def load(file: str, overrides: Sequence[str]) -> Scenario:
    """Load a scenario, from stdin if its name is ``-``.

    Raises:
        ValueError: If it is invalid; the message lists everything that is wrong.
    """
    name, variant = split_variant(file)
    confine(Path() if name == "-" else Path(name).parent)
    if name == "-":
        text = sys.stdin.buffer.read()
        found = Scenario.parse(text, name="stdin", variant=variant, overrides=overrides)
    else:
        found = Scenario.load(name, variant=variant, overrides=overrides)
    _say_what_has_no_effect(found, overrides)
    return found


def _say_what_has_no_effect(scenario: Scenario, overrides: Sequence[str]) -> None:
    """Say on stderr which changes are of layers that the path does not have."""
    context = click.get_current_context(silent=True)
    if context is not None and context.params.get("quiet"):
        return
    for key in (override.partition("=")[0] for override in overrides):
        layers = layer_sections().get(key.partition(".")[0], ())
        if layers and not any(isinstance(layer, layers) for layer in scenario.path):
            kinds = [kind for kind, one in Layer.members().items() if one in layers]
            missing = " or ".join(kinds)
            click.echo(f"{key} has no effect: the path has no {missing}", err=True)


@contextmanager
def usage_errors() -> Iterator[None]:
    """Let a wrong argument be a wrong command line.

    Raises:
        UsageError: Instead of a ValueError.
    """
    try:
        yield
    except ValueError as error:
        raise click.UsageError(str(error)) from error
