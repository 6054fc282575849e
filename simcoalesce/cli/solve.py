"""simcoalesce solve: the value of a parameter that meets a condition."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import (
    load,
    out_option,
    rare_option,
    scenario_argument,
    seed_and_replications,
    usage_errors,
)
from simcoalesce.cli.completion import metric_names
from simcoalesce.cli.output import CannotWrite, all_written, check_folder, write_text
from simcoalesce.cli.progress import Progress
from simcoalesce.cli.streams import print_as
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.cli.verdict_output import say_no_verdict
from simcoalesce.experiment.solve import Solution, Trial, solve
from simcoalesce.json_text import json_text
from simcoalesce.metrics.expectation import EXPECTED
from simcoalesce.report.blocks.solution import (
    solution_report,
    solution_text,
    trial_text,
)
from simcoalesce.report.terminal.report import WIDTH, wrapped
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import parse_ratio

_SUFFIXES: Final = (".html", ".md", ".json")


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
@out_option("Write NAME.html, NAME.md or NAME.json.")
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
    targets: Sequence[str],
) -> int:
    """Find the value from which on FILE meets a condition, by bisection.

    Every value is simulated under the same seeds. Exits with 10 if no value meets
    it, with 13 if the seeds do not decide, or no verdict follows from the runs.
    """
    scenario = load(file, overrides)
    with usage_errors():
        condition, axis = EXPECTED.condition(wanted), Axis.parse(vary)
        tolerance_ratio = parse_ratio(tolerance)
    for target in targets:
        if Path(target).suffix not in _SUFFIXES:
            raise CannotWrite(f"-o {target}: write NAME.html, NAME.md or NAME.json")
        check_folder(target)
    with Progress(of_what="runs of a value") as progress:
        solution = solve(
            scenario,
            condition,
            axis,
            tolerance_ratio=tolerance_ratio,
            seed=seed,
            replications=replications,
            rare_ratio=rare_ratio,
            on_run=progress,
            on_trial=lambda trial: _say(trial, axis, progress),
        )
    form = ".json" if as_json else ".txt"
    with all_written(targets, lambda one: _write(one, solution, scenario)):
        print_as(form, _text(solution, scenario, form))
    say_no_verdict(solution.no_verdict)
    return {
        "never": exits.EXPECTATION_FAILED,
        "undecided": exits.UNDECIDED,
    }.get(solution.outcome, exits.OK)


def _write(target: str, solution: Solution, scenario: Scenario) -> None:
    write_text(target, _text(solution, scenario, Path(target).suffix))


def _text(solution: Solution, scenario: Scenario, form: str) -> str:
    """Return what was found in a form; each is imported only when it is asked for."""
    if form == ".json":
        return json_text(solution.document(), indent=2) + "\n"
    if form == ".txt":
        told = wrapped(solution_text(solution), terminal_width(WIDTH))
        return "\n".join(told) + "\n"
    if form == ".md":
        from simcoalesce.report.markdown.report import report_markdown  # noqa: PLC0415

        return report_markdown(solution_report(solution, scenario))
    from simcoalesce.report.html.page import page  # noqa: PLC0415 - matplotlib

    return page(solution_report(solution, scenario))


def _say(trial: Trial, axis: Axis, progress: Progress) -> None:
    progress.restart()
    sign = {"holds": "✓", "fails": "✗", "undecided": "?"}[trial.truth]
    subject = trial.evaluation.statement.subject.written
    told = f"{axis.key}={trial.value}: {subject} {trial_text(trial)}"
    click.echo(f"  {sign} {told}", err=True)
