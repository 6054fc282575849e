"""``python -m tests.faults --command fit --step 9``: try faults of a command."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.faults.claims import broken
from tests.faults.commands import COMMANDS
from tests.faults.trials import Trials
from tests.faults.warmed import Command, Warmed


@click.command()
@click.option(
    "--command",
    "names",
    multiple=True,
    type=click.Choice([one.name for one in COMMANDS]),
    help="Only this one; may be repeated.",
)
@click.option("--step", default=1, help="Every n-th fault.")
@click.option("--first", default=0, help="How many faults to leave out at first.")
def faults(*, names: Sequence[str], step: int, first: int) -> None:
    """Try faults of each command; exit with 1 if one breaks a claim."""
    is_broken = False
    with TemporaryDirectory() as folder, Warmed(Path(folder)) as warmed:
        for command in COMMANDS:
            if command.name in names or not names:
                is_broken |= _tried(warmed, Path(folder), command, (first, step))
    raise SystemExit(is_broken)


def _tried(
    warmed: Warmed, folder: Path, command: Command, chosen: tuple[int, int]
) -> bool:
    """Try faults of a command, and return whether one breaks a claim."""
    trials = Trials(warmed, folder / "before", command)
    first, step = chosen
    faults = trials.faults()[first::step]
    count = 0
    for one in trials.tried(faults):
        for what in broken(one):
            count += 1
            click.echo(what, err=True)
    operations = len(trials.fresh.seen)
    click.echo(
        f"{command.name}: {operations} operations, {len(faults):,} faults, {count}"
        " broken claims"
    )
    return bool(count)


if __name__ == "__main__":
    faults()
