"""simcoalesce demo: the flash sale, with nothing to set up."""

import click

from simcoalesce.cli import run
from simcoalesce.scenario.shipped import shipped


@click.command("demo")
@click.argument("variant", required=False)
@click.pass_context
def command(context: click.Context, variant: str | None) -> int:
    """Run the flash sale that comes with the package, or a VARIANT of it."""
    file = str(shipped("flash-sale-9pm"))
    named = f"{file}@{variant}" if variant else file
    code: int = context.invoke(run.command, file=named)
    return code
