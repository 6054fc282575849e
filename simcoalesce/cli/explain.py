"""simcoalesce explain: what happened, why, and what each change does."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from simcoalesce.cli.arguments import load, scenario_argument, seed_and_replications
from simcoalesce.cli.output import CannotWrite
from simcoalesce.cli.progress import Progress
from simcoalesce.experiment.processes import processors
from simcoalesce.explain.explanation import Explanation, explain
from simcoalesce.whole_file import write_whole

_SUFFIXES = (".html", ".md", ".json")


@click.command("explain")
@scenario_argument
@seed_and_replications
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@click.option(
    "--markdown", "as_markdown", is_flag=True, help="Print a post-mortem in Markdown."
)
@click.option(
    "-o",
    "--out",
    "targets",
    multiple=True,
    metavar="PATH",
    help="Write explain.html, post-mortem.md or explain.json. May be repeated.",
)
def command(  # noqa: PLR0913 - one argument for each option
    file: str,
    overrides: Sequence[str],
    seed: int | None,
    replications: int | None,
    *,
    as_json: bool,
    as_markdown: bool,
    targets: Sequence[str],
) -> None:
    """Explain FILE: what happened, why, what helps, and which claims are true.

    Every remedy is tried on its own, with the same requests and random streams (common
    random numbers).
    """
    scenario = load(file, overrides)
    for target in targets:
        _check(target)
    progress = Progress(is_wanted=True, of_what="runs")
    try:
        explanation = explain(
            scenario,
            seed=seed,
            replications=replications,
            on_run=progress,
            jobs=processors(),
        )
    finally:
        progress.clear()
    for target in targets:
        _write(target, explanation)
    form = ".json" if as_json else ".md" if as_markdown else ".txt"
    click.echo(_text(explanation, form), nl=False)


def _check(target: str) -> None:
    path = Path(target)
    if path.suffix not in _SUFFIXES:
        raise CannotWrite(f"-o {target}: write NAME.html, NAME.md or NAME.json")
    if not path.parent.is_dir():
        raise CannotWrite(f"-o {target}: there is no folder {path.parent}")


def _write(target: str, explanation: Explanation) -> None:
    path = Path(target)
    try:
        write_whole(path, _text(explanation, path.suffix))
    except OSError as error:
        raise CannotWrite(f"cannot write {target}: {error.strerror}") from error


def _text(explanation: Explanation, form: str) -> str:
    """Return an explanation in a form; each is imported only when it is asked for."""
    if form == ".json":
        document = explanation.document()
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    from simcoalesce.report.blocks.explanation_report import explanation_report  # noqa: PLC0415

    report = explanation_report(explanation)
    if form == ".md":
        from simcoalesce.report.markdown.report import report_markdown  # noqa: PLC0415

        return report_markdown(report)
    if form == ".html":
        from simcoalesce.report.html.page import page  # noqa: PLC0415 - matplotlib

        return page(report)
    from simcoalesce.report.terminal.report import report_text  # noqa: PLC0415

    return report_text(report, colour=sys.stdout.isatty()) + "\n"
