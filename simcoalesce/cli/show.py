"""simcoalesce show: a scenario with every default, and where each value is from."""

from collections.abc import Sequence

import click

from simcoalesce.cli.arguments import load, scenario_argument
from simcoalesce.cli.streams import print_document
from simcoalesce.scenario.effective_config import effective_config


@click.command("show")
@scenario_argument
def command(file: str, overrides: Sequence[str]) -> None:
    """Print FILE with every default, and where each value is from."""
    print_document(effective_config(load(file, overrides)))
