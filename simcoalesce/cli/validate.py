"""simcoalesce validate: run a scenario on the real runtime, and compare."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import load, out_option, scenario_argument
from simcoalesce.cli.output import CannotWrite, check, guarded, write_text
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.discovery import files
from simcoalesce.json_text import json_text

if TYPE_CHECKING:
    from simcoalesce.validation.validate import Validation


@click.command("validate")
@scenario_argument
@click.option(
    "--against",
    type=click.Choice(files("simcoalesce.validation.targets")),
    required=True,
    help="The real thing to run it on: workerd, the open runtime of Workers; redis,"
    " with applications around it; or a cache that has one of the path's layers.",
)
@click.option(
    "--time-scale",
    type=click.FloatRange(min=1, max=100),
    default=1.0,
    help="Multiply all times, so that a small machine is not the limit.",
)
@click.option(
    "--repeats",
    type=click.IntRange(min=1, max=100),
    default=1,
    help="Run it so often; more than half of the runs decide on a line.",
)
@click.option(
    "--testbed",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the worker of workerd is; by default beside the package, in the current"
    " folder, or above it.",
)
@out_option(
    "Write what was measured: measurement.json, or the charts into a folder (charts/).",
    has_folders=True,
)
def command(  # noqa: PLR0913, PLR0917 - one argument for each option
    file: str,
    overrides: Sequence[str],
    against: str,
    time_scale: float,
    repeats: int,
    testbed: Path | None,
    targets: Sequence[str],
) -> int:
    """Run FILE on a real runtime, Redis or cache, and hold the prediction against it.

    It runs on loopback before an origin (and, for workerd, a KV store) with the
    scenario's rules; the prediction is fed with the actual send times. All is stopped
    at the end. A line that differs gives exit code 10; one that says nothing, since its
    band is so wide that nearly any run would lie in it, 13.
    """
    from simcoalesce.report.blocks.measurement import measurement_report  # noqa: PLC0415 - slow
    from simcoalesce.report.terminal.report import WIDTH, report_text  # noqa: PLC0415 - slow
    from simcoalesce.validation.measurement import Measurement  # noqa: PLC0415 - slow
    from simcoalesce.validation.validate import validate  # noqa: PLC0415 - slow

    scenario = load(file, overrides)
    for target in targets:
        if not target.endswith("/") and Path(target).suffix != ".json":
            raise CannotWrite(f"-o {target}: write NAME.json, or a folder for charts/")
        check(target)
    found = validate(
        scenario, against, time_scale=time_scale, repeats=repeats, testbed=testbed
    )
    document = found.document()
    measured = Measurement(
        scenario, document["run"], document["agreement"], found.run.outcomes
    )
    click.echo(report_text(measurement_report(measured), width=terminal_width(WIDTH)))
    for target in targets:
        _write(target, found)
    if found.differs:
        return exits.EXPECTATION_FAILED
    return exits.OK if found.agrees else exits.UNDECIDED


def _write(target: str, found: "Validation") -> None:
    from simcoalesce.api import charts  # noqa: PLC0415 - only if asked

    path = Path(target)
    if path.suffix == ".json":
        write_text(target, json_text(found.document(), indent=1) + "\n")
    else:
        guarded(target, lambda: charts(found.run.outcomes, path, found.scenario))
