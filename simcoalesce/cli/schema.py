"""simcoalesce schema: what editors want to know of scenarios."""

import click

from simcoalesce.cli.streams import print_document
from simcoalesce.scenario.schema import schema_text


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of scenarios.

    Save it beside a scenario, and name it in the scenario's first line:
    # yaml-language-server: $schema=schema.json
    """
    print_document(schema_text())
