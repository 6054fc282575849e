"""simcoalesce solve: the value of a parameter that meets a condition."""

from collections.abc import Sequence

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import (
    load,
    rare_option,
    scenario_argument,
    seed_and_replications,
    usage_errors,
)
from simcoalesce.cli.completion import metric_names
from simcoalesce.cli.streams import print_document
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.cli.verdict_output import say_no_verdict
from simcoalesce.experiment.solve import Trial, solve
from simcoalesce.json_text import json_text
from simcoalesce.metrics.expectation import EXPECTED
from simcoalesce.report.blocks.solution import solution_text, trial_text
from simcoalesce.report.terminal.report import WIDTH, wrapped
from simcoalesce.scenario.axis import Axis
from simcoalesce.units import parse_ratio


@click.command("solve")
@scenario_argument
@click.option(
    "--for",
    "wanted",
    shell_complete=metric_names,
    required=True,
    metavar="CONDITION",
    help="What must be, e.g. 'origin_hits <= 50' (the language: docs/conditions.md).",
)
@click.option(
    "--vary",
    required=True,
    metavar="KEY=RANGE",
    help="E.g. kv.write_latency=0ms..2s, or 1ms..2s/log.",
)
@click.option(
    "--tolerance",
    default="1%",
    show_default=True,
    help="How near the answer must be, as a share of the range.",
)
@seed_and_replications()
@rare_option
@click.option("--json", "as_json", is_flag=True, help="Print a document.")
def command(  # noqa: PLR0913 - one argument for each option
    file: str,
    *,
    overrides: Sequence[str],
    wanted: str,
    vary: str,
    tolerance: str,
    seed: int | None,
    replications: int | None,
    rare_ratio: float | None,
    as_json: bool,
) -> int:
    """Find the value from which on FILE meets a condition, by bisection.

    Every value is simulated under the same seeds. Exits with 10 if no value meets
    it, with 13 if the seeds do not decide, or no verdict follows from the runs.
    """
    scenario = load(file, overrides)
    with usage_errors():
        condition, axis = EXPECTED.condition(wanted), Axis.parse(vary)
        tolerance_ratio = parse_ratio(tolerance)
    solution = solve(
        scenario,
        condition,
        axis,
        tolerance_ratio=tolerance_ratio,
        seed=seed,
        replications=replications,
        rare_ratio=rare_ratio,
        on_trial=lambda trial: _say(trial, axis),
    )
    if as_json:
        print_document(json_text(solution.document(), indent=2) + "\n")
    else:
        told = wrapped(solution_text(solution), terminal_width(WIDTH))
        click.echo("\n".join(told))
    say_no_verdict(solution.no_verdict)
    return {
        "never": exits.EXPECTATION_FAILED,
        "undecided": exits.UNDECIDED,
    }.get(solution.outcome, exits.OK)


def _say(trial: Trial, axis: Axis) -> None:
    sign = {"holds": "✓", "fails": "✗", "undecided": "?"}[trial.truth]
    subject = trial.evaluation.statement.subject.written
    told = f"{axis.key}={trial.value}: {subject} {trial_text(trial)}"
    click.echo(f"  {sign} {told}", err=True)
