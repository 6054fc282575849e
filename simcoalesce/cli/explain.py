"""simcoalesce explain: what happened, why, and what each change does."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from typing_extensions import override

from simcoalesce.api import page
from simcoalesce.cli import exits
from simcoalesce.cli.arguments import (
    load,
    out_option,
    scenario_argument,
    seed_and_replications,
)
from simcoalesce.cli.output import CannotWrite, all_written, check_folder, write_text
from simcoalesce.cli.progress import Progress
from simcoalesce.cli.streams import print_as
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.cli.verdict_output import say_no_verdict
from simcoalesce.experiment.engine_choice import why_readable
from simcoalesce.explain.explanation import Explanation, explain
from simcoalesce.json_text import json_text
from simcoalesce.processes import processors
from simcoalesce.scenario.scenario import Scenario

_SUFFIXES = (".html", ".md", ".json")
_LONG_S: Final = 10.0
"""Who waits for longer wants to know what would be faster."""


@click.command("explain")
@scenario_argument
@seed_and_replications(fewest=2)
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@click.option(
    "--markdown", "as_markdown", is_flag=True, help="Print a post-mortem in Markdown."
)
@out_option("Write explain.html, post-mortem.md or explain.json.")
def command(  # noqa: PLR0913 - one argument for each option
    file: str,
    overrides: Sequence[str],
    seed: int | None,
    replications: int | None,
    *,
    as_json: bool,
    as_markdown: bool,
    targets: Sequence[str],
) -> int:
    """Explain FILE: what happened, why, what helps, and which claims are true.

    Every remedy is tried on its own, with the same requests and random streams (common
    random numbers). Exits with 13 if no verdict follows from the runs.
    """
    scenario = load(file, overrides)
    for target in targets:
        if Path(target).suffix not in _SUFFIXES:
            raise CannotWrite(f"-o {target}: write NAME.html, NAME.md or NAME.json")
        check_folder(target)
    with _RunProgress(scenario, of_what="runs") as progress:
        explanation = explain(
            scenario,
            seed=seed,
            replications=replications,
            on_run=progress,
            jobs=processors(),
        )
    form = ".json" if as_json else ".md" if as_markdown else ".txt"
    with all_written(targets, lambda one: _write(one, explanation)):
        print_as(form, _text(explanation, form))
        say_no_verdict(explanation.no_verdict)
    return exits.UNDECIDED if explanation.no_verdict else exits.OK


def _write(target: str, explanation: Explanation) -> None:
    write_text(target, _text(explanation, Path(target).suffix))


class _RunProgress(Progress):
    """Says how many runs are done; and once, if that lasts, how it would be faster."""

    def __init__(self, scenario: Scenario, *, of_what: str) -> None:
        """Start the clock."""
        super().__init__(of_what=of_what)
        self._scenario = scenario
        self._is_hinted = False

    @override
    def __call__(self, done: float, of: int | None = None) -> None:
        super().__call__(done, of)
        if not self._is_hinted and self.lasts_s > _LONG_S:
            self._is_hinted = True
            if hint := _hint(self._scenario):
                self.clear()
                click.echo(hint, err=True)


def _hint(scenario: Scenario) -> str:
    """Return what would be faster; empty if the compiled engine runs already."""
    if scenario.engine == "simpy":
        return "hint: engine: simpy is the readable engine; engine: auto is far faster"
    traffic = scenario.traffic.generate(
        seed=scenario.seed, duration_ns=scenario.duration_ns
    )
    reason = why_readable(scenario, traffic)
    if not reason:
        return ""
    return (
        f"hint: the compiled engine would be far faster, but {reason}; or fewer --reps"
    )


def _text(explanation: Explanation, form: str) -> str:
    """Return an explanation in a form; each is imported only when it is asked for."""
    if form == ".json":
        document = explanation.document()
        return json_text(document, indent=2) + "\n"
    if form == ".html":
        return page(explanation)
    from simcoalesce.report.blocks.explanation_report import explanation_report  # noqa: PLC0415

    report = explanation_report(explanation)
    if form == ".md":
        from simcoalesce.report.markdown.report import report_markdown  # noqa: PLC0415

        return report_markdown(report)
    from simcoalesce.report.terminal.report import WIDTH, report_text  # noqa: PLC0415

    width = terminal_width(WIDTH)
    return report_text(report, colour=sys.stdout.isatty(), width=width) + "\n"
