"""simcoalesce compare: what changes from one scenario to another."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from simcoalesce.cli import comparison_output, exits
from simcoalesce.cli.arguments import (
    confine,
    load,
    naming,
    out_option,
    overrides_option,
    rare_option,
    seed_and_replications,
    untrusted_option,
    usage_errors,
)
from simcoalesce.cli.completion import metric_names
from simcoalesce.cli.progress import Progress
from simcoalesce.cli.verdict_output import say_no_verdict
from simcoalesce.experiment.compare import (
    Comparison,
    Conflict,
    comparisons,
    named_scenarios,
)
from simcoalesce.experiment.direction import known_metrics, metrics_of_interest
from simcoalesce.experiment.regression_gate import (
    GateResult,
    gate_results,
    parse_gate,
)
from simcoalesce.units import parse_ratio

_EXITS: Final = {
    "fails": exits.OK,
    "undecided": exits.UNDECIDED,
    "holds": exits.REGRESSION,
}
"""By the truth of a gate, the one that counts least first."""


@click.command("compare")
@click.argument("names", metavar="BASE OTHER...", nargs=-1, required=True)
@overrides_option
@untrusted_option
@seed_and_replications()
@click.option(
    "--metric",
    "metrics",
    shell_complete=metric_names,
    multiple=True,
    help="Compare this one, e.g. errors or 'errors[location=icn]'. May be repeated.",
)
@click.option(
    "--margin",
    default="2%",
    show_default=True,
    help="Changes up to this share of BASE do not matter.",
)
@click.option(
    "--fail-if",
    "gates",
    shell_complete=metric_names,
    multiple=True,
    metavar="CONDITION",
    help="Exit with 11 if it holds, e.g. 'latency_p99_s worse by 5%' (the language:"
    " docs/conditions.md); with 13 if the seeds do not decide it. May be repeated.",
)
@rare_option
@click.option("--markdown", is_flag=True, help="Print Markdown, for a pull request.")
@click.option("--json", "as_json", is_flag=True, help="Print a document.")
@out_option(
    "Write NAME.html, NAME.md or NAME.json, or pictures into FOLDER/.",
    has_folders=True,
)
@naming("names")
def command(  # noqa: PLR0913 - one argument for each option
    names: Sequence[str],
    *,
    overrides: Sequence[str],
    seed: int | None,
    replications: int | None,
    metrics: Sequence[str],
    margin: str,
    gates: Sequence[str],
    rare_ratio: float | None,
    markdown: bool,
    as_json: bool,
    targets: Sequence[str],
) -> int:
    """Simulate BASE and OTHERs under the same seeds, and say what changes.

    Each is FILE, FILE@VARIANT, @VARIANT (of BASE's file), or a saved result.json,
    which is simulated again. Exits with 13 if no verdict follows from the runs.
    """
    with usage_errors():
        limits = [parse_gate(text) for text in gates]
        margin_ratio, wanted = parse_ratio(margin), known_metrics(metrics)
    comparison_output.check(targets)
    confine(Path())  # Each file, a saved result too, to a folder of its own.
    try:
        scenarios, seed, replications = named_scenarios(
            names,
            overrides=overrides,
            seed=seed,
            replications=replications,
            load=load,
        )
    except Conflict as error:
        raise click.UsageError(str(error)) from error
    with Progress() as progress:
        found = comparisons(
            scenarios,
            seed=seed,
            replications=replications,
            metrics=[
                *(wanted or metrics_of_interest(scenarios)),
                *(name for limit in limits for name in limit.names),
            ],
            margin_ratio=margin_ratio,
            on_replication=progress,
        )
    evaluated = gate_results(limits, found, rare_ratio)
    form = ".json" if as_json else ".md" if markdown else ".txt"
    comparison_output.tell(targets, found, evaluated, form)
    return _exit_code(found, evaluated)


def _exit_code(found: Sequence[Comparison], gates: Sequence[GateResult]) -> int:
    """Say what decides or does not, and return what the shell is told."""
    from simcoalesce.report.blocks.comparison import gate_text  # noqa: PLC0415

    for gate in gates:
        if text := gate_text(gate):
            click.echo(text, err=True)
    no_verdicts = dict.fromkeys(one.no_verdict for one in found if one.no_verdict)
    for no_verdict in no_verdicts:
        say_no_verdict(no_verdict)
    truths = ["fails", *(one.evaluation.truth for one in gates)]
    truths += ["undecided"] * bool(no_verdicts)
    return _EXITS[max(truths, key=[*_EXITS].index)]
