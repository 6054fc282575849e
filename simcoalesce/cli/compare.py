"""simcoalesce compare: what changes from one scenario to another."""

import json
from collections.abc import Sequence
from typing import Final

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import Unusable, load, seed_and_replications
from simcoalesce.cli.progress import Progress
from simcoalesce.experiment.compare import Comparison, compare
from simcoalesce.experiment.direction import known_metrics, metrics_of_interest
from simcoalesce.experiment.regression_gate import RegressionGate
from simcoalesce.experiment.saved import SavedResult, is_saved, saved
from simcoalesce.scenario.scenario import Scenario, split_variant
from simcoalesce.units import parse_ratio

_EXITS: Final = {
    "open": exits.OK,
    "undecided": exits.UNDECIDED,
    "shut": exits.REGRESSION,
}


@click.command("compare")
@click.argument("files", metavar="BASE OTHER...", nargs=-1, required=True)
@click.option(
    "-s",
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a value in all of them. May be repeated.",
)
@seed_and_replications
@click.option(
    "--metric", "metrics", multiple=True, help="Compare this one. May be repeated."
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
    multiple=True,
    metavar="GATE",
    help="Exit with 11 if it is so, e.g. 'latency_p99_s worse by 5%'; with 13 if the"
    " seeds do not decide it. May be repeated.",
)
@click.option("--markdown", is_flag=True, help="Print Markdown, for a pull request.")
@click.option("--json", "as_json", is_flag=True, help="Print a document.")
def command(  # noqa: PLR0913 - one argument for each option
    files: Sequence[str],
    *,
    overrides: Sequence[str],
    seed: int | None,
    replications: int | None,
    metrics: Sequence[str],
    margin: str,
    gates: Sequence[str],
    markdown: bool,
    as_json: bool,
) -> int:
    """Simulate BASE and OTHERs under the same seeds, and say what changes.

    Each is FILE, FILE@VARIANT, @VARIANT (of BASE's file), or a saved result.json,
    which is made again from what it says.
    """
    margin_ratio, limits = _options(margin, metrics, gates)
    scenarios, first, wanted = _loaded(files, overrides, seed, replications)
    names = known_metrics(
        [*(metrics or metrics_of_interest(scenarios)), *(g.metric for g in limits)]
    )
    progress = Progress(is_wanted=True)
    try:
        found = compare(
            scenarios,
            seed=first,
            replications=wanted,
            metrics=names,
            margin_ratio=margin_ratio,
            on_replication=progress,
        )
    finally:
        progress.clear()
    _print(found, markdown=markdown, as_json=as_json)
    return _judged(found, limits)


def _options(
    margin: str, metrics: Sequence[str], gates: Sequence[str]
) -> tuple[float, list[RegressionGate]]:
    try:
        known_metrics(metrics)
        return parse_ratio(margin), [RegressionGate.parse(text) for text in gates]
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _loaded(
    files: Sequence[str],
    overrides: Sequence[str],
    seed: int | None,
    replications: int | None,
) -> tuple[list[Scenario], int | None, int | None]:
    """Return the scenarios, and the seeds that saved results among them ask for."""
    if len(files) < 2:
        raise click.UsageError("compare needs two, e.g. sale.yaml @per-key")
    loaded: list[Scenario] = []
    made = {(seed, replications)} - {(None, None)}
    for file in files:
        if is_saved(file):
            one = _saved(file)
            made |= set() if made and seed is not None else {one.seeds}
            loaded.append(one.scenario.with_overrides(*overrides))
        else:
            loaded.append(load(_of_base(file, files[0]), overrides))
    if len(made) > 1:
        raise click.UsageError(
            "the results were made with other seeds; --seed and --reps make all of"
            " them again with the same ones"
        )
    return loaded, *(made.pop() if made else (None, None))


def _saved(file: str) -> SavedResult:
    try:
        return saved(file)
    except ValueError as error:
        raise Unusable(str(error)) from error


def _of_base(file: str, base: str) -> str:
    """Return the file that a name means: ``@per-key`` is a variant of the base's.

    Raises:
        UsageError: If the base is a saved result, which has no variants.
    """
    if file.startswith("@") and is_saved(base):
        raise click.UsageError(
            f"{file}: {base} is a saved result, without variants; write the file,"
            f" e.g. sale.yaml{file}"
        )
    return f"{split_variant(base)[0]}{file}" if file.startswith("@") else file


def _print(found: Sequence[Comparison], *, markdown: bool, as_json: bool) -> None:
    if as_json:
        document = {"comparisons": [one.document() for one in found]}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    from simcoalesce.report.terminal import comparison as text  # noqa: PLC0415 - not for JSON

    write = text.comparison_markdown if markdown else text.comparison_text
    click.echo("\n\n".join(write(one) for one in found))


def _judged(found: Sequence[Comparison], gates: Sequence[RegressionGate]) -> int:
    """Say which gates are not open, and return what the shell is told."""
    worst = exits.OK
    for gate in gates:
        for comparison in found:
            state = gate.state(comparison)
            if state != "open":
                words = "it is so" if state == "shut" else "the seeds do not decide it"
                label = comparison.other.label
                click.echo(f"fail-if {gate}: {words} ({label})", err=True)
            worst = worst if worst == exits.REGRESSION else worst or _EXITS[state]
            worst = exits.REGRESSION if state == "shut" else worst
    return worst
