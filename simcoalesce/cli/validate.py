"""simcoalesce validate: run a scenario on the real runtime, and compare."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import load, scenario_argument
from simcoalesce.cli.output import CannotWrite, check
from simcoalesce.discovery import files
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.whole_file import write_whole

if TYPE_CHECKING:
    from simcoalesce.validation.measure import MeasuredRun


@click.command("validate")
@scenario_argument
@click.option(
    "--against",
    type=click.Choice(files("simcoalesce.validation.targets")),
    required=True,
    help="The real thing to run it on: workerd, the open runtime of Workers, or a"
    " cache that has one of the path's layers.",
)
@click.option(
    "--time-scale",
    "scale",
    type=click.FloatRange(min=1, max=100),
    default=1.0,
    help="Stretch all times, so that a small machine is not the limit.",
)
@click.option(
    "--testbed",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the worker of workerd is; by default beside the package.",
)
@click.option(
    "-o",
    "--out",
    "outputs",
    multiple=True,
    metavar="PATH",
    help="Write what was observed: observed.json, or the charts into a folder"
    " (charts/). May be repeated.",
)
def command(
    file: str,
    overrides: Sequence[str],
    against: str,
    scale: float,
    testbed: Path | None,
    outputs: Sequence[str],
) -> int:
    """Run FILE on a real runtime or cache, and hold the prediction against it.

    It runs on loopback before an origin (and, for workerd, a KV store) with the
    scenario's rules; the prediction is fed with the actual send times. All is stopped
    at the end. A line that differs gives exit code 10.
    """
    from simcoalesce.report.terminal.agreement import agreement_text  # noqa: PLC0415 - slow
    from simcoalesce.validation.agreement import agreement  # noqa: PLC0415 - slow
    from simcoalesce.validation.measure import measure_run  # noqa: PLC0415 - slow
    from simcoalesce.validation.measurement_document import (  # noqa: PLC0415 - slow
        measurement_document,
    )
    from simcoalesce.validation.target import targets  # noqa: PLC0415 - slow

    scenario = load(file, overrides)
    for output in outputs:
        _check(output)
    target = targets()[against]
    if testbed is not None:
        target = target.at(testbed)
    runtime = f"{against} {target.version()}"
    observation = measure_run(scenario, target, scale=scale)
    lines = agreement(scenario, observation)
    click.echo(agreement_text(scenario, observation, lines, runtime=runtime))
    document = measurement_document(scenario, observation, lines, runtime=runtime)
    for output in outputs:
        _write(output, document, lambda folder: _draw(observation, scenario, folder))
    is_unlike = any(line.state == "differs" for line in lines)
    return exits.EXPECTATION_FAILED if is_unlike else exits.OK


def _draw(observation: "MeasuredRun", scenario: Scenario, folder: Path) -> None:
    from simcoalesce.report.pictures.style import save_charts  # noqa: PLC0415 - matplotlib

    save_charts(observation.outcomes, scenario, folder)


def _write(
    output: str, document: dict[str, Any], draw: Callable[[Path], object]
) -> None:
    path = Path(output)
    try:
        if path.suffix == ".json":
            write_whole(path, json.dumps(document, indent=1) + "\n")
        else:
            draw(path)
    except OSError as error:
        raise CannotWrite(f"cannot write {output}: {error.strerror}") from error


def _check(output: str) -> None:
    if not output.endswith("/") and Path(output).suffix != ".json":
        raise CannotWrite(f"-o {output}: write NAME.json, or a folder for charts/")
    check(output)
