"""simcoalesce sweep: one scenario at many points."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from shlex import join

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import (
    Unusable,
    load,
    scenario_argument,
    seed_and_replications,
)
from simcoalesce.cli.points import execution_options, executor, shard_places
from simcoalesce.cli.progress import Progress
from simcoalesce.cli.sweep_output import check_targets, write_targets
from simcoalesce.experiment.direction import known_metrics
from simcoalesce.experiment.sweeps.point import SweepPoint
from simcoalesce.experiment.sweeps.point_cache import FOLDER, PointCache
from simcoalesce.experiment.sweeps.sweep import Sweep, SweepPlan, planned, sweep
from simcoalesce.metrics.claim import Claim
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.sweep_view import SweepView, view
from simcoalesce.report.terminal.sweep import sweep_text
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.scenario import Scenario

_MOST_FAILURES = 10


@click.command("sweep")
@scenario_argument
@click.option(
    "-P",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="KEY=VALUES",
    help="Vary a value: KEY=0ms,20ms,80ms or KEY=180ms..2.88s/5log. May be repeated;"
    " sweep: in the scenario if absent.",
)
@click.option(
    "--sample",
    default="grid",
    show_default=True,
    help="grid, oat (one at a time), random:N, lhs:N (Latin hypercube) or sobol:N.",
)
@click.option("--metric", help="What to show; the table has all of them.")
@click.option("--for", "goal", metavar="CLAIM", help="E.g. 'origin_hits <= 50'.")
@seed_and_replications
@execution_options
@click.option("--dry-run", is_flag=True, help="List the points, and run none.")
@click.option(
    "-o",
    "--out",
    "targets",
    multiple=True,
    metavar="PATH",
    help="Write table.csv (or .parquet), or a picture: NAME.png or NAME.svg. May be"
    " repeated.",
)
def command(  # noqa: PLR0913 - one argument for each option
    file: str,
    *,
    overrides: Sequence[str],
    parameters: Sequence[str],
    sample: str,
    metric: str | None,
    goal: str | None,
    seed: int | None,
    replications: int | None,
    jobs: int | None,
    on: str,
    shard: str | None,
    cached: bool,
    dry_run: bool,
    targets: Sequence[str],
) -> int:
    """Simulate FILE at many points, each under the same seeds.

    What was simulated before is taken from .simcoalesce/cache.
    """
    scenario = load(file, overrides)
    plan = _plan(scenario, parameters, sample, seed, replications)
    wanted, claim = _shown(metric, goal)
    places = shard_places(shard, len(plan.points))
    if dry_run:
        _list(plan, places)
        return exits.OK
    check_targets(targets, plan)
    execute, workers = executor(on, jobs, len(places))
    said = _Said(file, plan, is_cached=cached)
    try:
        found = sweep(
            plan,
            execute=execute,
            jobs=workers,
            cache=PointCache(FOLDER if cached else None),
            only=places,
            on_point=said,
        )
    except ValueError as error:
        raise Unusable(str(error)) from error
    finally:
        said.progress.clear()
    shown = view(found, wanted, claim)
    write_targets(targets, shown)
    return _ended(shown, said, places)


def _plan(
    scenario: Scenario,
    parameters: Sequence[str],
    sample: str,
    seed: int | None,
    replications: int | None,
) -> SweepPlan:
    try:
        axes = [Axis.parse(text) for text in parameters] or [
            Axis.of(key, written) for key, written in (scenario.sweep or {}).items()
        ]
        return planned(scenario, axes, sample, seed=seed, replications=replications)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _shown(metric: str | None, goal: str | None) -> tuple[str | None, Claim | None]:
    try:
        known_metrics([metric] if metric else [])
        return metric, Claim.parse(goal) if goal else None
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _list(plan: SweepPlan, places: Sequence[int]) -> None:
    for place in places:
        click.echo(" ".join(plan.overrides(plan.points[place])))
    runs = len(places) * plan.replications
    points, each = counted(len(places), "point"), counted(plan.replications, "run")
    click.echo(f"{points}, {each} each: {runs:,} in all; nothing was run.", err=True)


@dataclass
class _Said:
    """What was said of cells while they came in."""

    file: str
    plan: SweepPlan
    is_cached: bool
    progress: Progress = field(
        default_factory=lambda: Progress(is_wanted=True, of_what="points")
    )
    failures: int = 0
    from_cache: int = 0

    def __call__(self, point: SweepPoint, done: int, of: int) -> None:
        """Take note of a cell, and say at once if it failed."""
        self.from_cache += point.is_cached
        if point.failure:
            self.failures += 1
            if self.failures <= _MOST_FAILURES:
                self.progress.clear()
                click.echo(f"{self._place(point)}: {point.failure}", err=True)
                click.echo(f"  again: {self._command(point)}", err=True)
        self.progress(done, of)

    def _place(self, point: SweepPoint) -> str:
        return ", ".join(point.overrides)

    def _command(self, point: SweepPoint) -> str:
        scenario = self.plan.scenario
        every = (*scenario.overrides, *point.overrides)
        changes = [part for change in every for part in ("-s", change)]
        seeds = ["--seed", str(self.plan.seed), "--reps", str(self.plan.replications)]
        return join(["simcoalesce", "run", self.file, *changes, *seeds])


def _ended(shown: SweepView, said: _Said, places: Sequence[int]) -> int:
    """Print what was found, and return what the shell is told of it."""
    found = shown.sweep
    missing = [place for place in places if found.points[place] is None]
    if len(found.done) - len(found.failed) or not missing:
        click.echo(sweep_text(shown, colour=sys.stdout.isatty()))
    if said.from_cache:
        points = counted(said.from_cache, "point")
        click.echo(f"{points} of {len(places):,} from {FOLDER}", err=True)
    if said.failures > _MOST_FAILURES:
        click.echo(f"{said.failures:,} points failed, of which 10 are shown", err=True)
    if missing:
        _say_stopped(found, places, is_cached=said.is_cached)
        return exits.INTERRUPTED
    return exits.POINTS_FAILED if found.failed else exits.OK


def _say_stopped(found: Sweep, places: Sequence[int], *, is_cached: bool) -> None:
    kept = f"{len(found.done):,} of {len(places):,} points"
    if not is_cached:
        click.echo(f"Stopped after {kept}; without the cache they are lost.", err=True)
        return
    again = join(["simcoalesce", *sys.argv[1:]])
    click.echo(f"Stopped: {kept} are kept. To go on: {again}", err=True)
