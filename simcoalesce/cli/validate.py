"""simcoalesce validate: run a scenario on the real runtime, and compare."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import load, scenario_argument
from simcoalesce.cli.output import CannotWrite, check
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.whole_file import write_whole

if TYPE_CHECKING:
    from simcoalesce.validation.observe import Observation

_TESTBED: Final = Path(__file__).parents[2] / "testbed"


@click.command("validate")
@scenario_argument
@click.option(
    "--against",
    type=click.Choice(["workerd"]),
    required=True,
    help="The real thing to run it on: workerd, the open runtime of Workers.",
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
    default=_TESTBED,
    help="Where the worker is; by default beside the package.",
)
@click.option(
    "-o",
    "--out",
    "targets",
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
    testbed: Path,
    targets: Sequence[str],
) -> int:
    """Run FILE on a real runtime, and hold the prediction against it.

    The worker runs on loopback between a mock origin and a KV store with the
    scenario's rules; the prediction is fed with the actual send times. All is stopped
    at the end. A line that differs gives exit code 10.
    """
    from simcoalesce.report.agreement import agreement_text  # noqa: PLC0415 - slow
    from simcoalesce.validation.agreement import agreement  # noqa: PLC0415 - slow
    from simcoalesce.validation.observe import observe  # noqa: PLC0415 - slow
    from simcoalesce.validation.record import (  # noqa: PLC0415 - slow
        observed_document,
    )
    from simcoalesce.validation.workerd import (  # noqa: PLC0415 - slow
        installation,
        version,
    )

    scenario = load(file, overrides)
    for target in targets:
        _check(target)
    installed = installation(testbed)
    observation = observe(scenario, installed, scale=scale)
    lines = agreement(scenario, observation)
    runtime = f"{against} {version(installed)}"
    click.echo(agreement_text(scenario, observation, lines, runtime=runtime))
    document = observed_document(scenario, observation, lines, runtime=runtime)
    for target in targets:
        _write(target, document, lambda folder: _draw(observation, scenario, folder))
    is_unlike = any(line.state == "differs" for line in lines)
    return exits.EXPECTATION_FAILED if is_unlike else exits.OK


def _draw(observation: "Observation", scenario: Scenario, folder: Path) -> None:
    from simcoalesce.report.look import save_charts  # noqa: PLC0415 - matplotlib

    save_charts(observation.outcomes, scenario, folder)


def _write(
    target: str, document: dict[str, Any], draw: Callable[[Path], object]
) -> None:
    path = Path(target)
    try:
        if path.suffix == ".json":
            write_whole(path, json.dumps(document, indent=1) + "\n")
        else:
            draw(path)
    except OSError as error:
        raise CannotWrite(f"cannot write {target}: {error.strerror}") from error


def _check(target: str) -> None:
    if not target.endswith("/") and Path(target).suffix != ".json":
        raise CannotWrite(f"-o {target}: write NAME.json, or a folder for charts/")
    check(target)
