"""simcoalesce sweep: one scenario at many points."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from shlex import join
from typing import Final

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import (
    MOST_JOBS,
    load,
    on_option,
    out_option,
    scenario_argument,
    seed_and_replications,
    usage_errors,
)
from simcoalesce.cli.completion import metric_names
from simcoalesce.cli.progress import Progress
from simcoalesce.cli.sweep_answers import Wanted, wanted_options
from simcoalesce.cli.sweep_output import check_targets, targets_written
from simcoalesce.conditions.condition import Condition
from simcoalesce.experiment.direction import known_metrics
from simcoalesce.experiment.sweeps.cluster import executor_on
from simcoalesce.experiment.sweeps.point import SweepPoint
from simcoalesce.experiment.sweeps.point_cache import FOLDER, PointCache
from simcoalesce.experiment.sweeps.shard import Shard
from simcoalesce.experiment.sweeps.sweep import (
    Sweep,
    SweepPlan,
    simulate_points,
    sweep_plan,
)
from simcoalesce.metrics.expectation import EXPECTED
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.sweep_view import no_verdict_sentence
from simcoalesce.scenario.axis import Axis

_MOST_FAILURES: Final = 10


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
@click.option(
    "--metric",
    shell_complete=metric_names,
    help="What to show, e.g. errors or 'errors[location=icn]'; the table has all"
    " metrics.",
)
@click.option(
    "--for",
    "goal",
    shell_complete=metric_names,
    metavar="CONDITION",
    help="What is wanted, e.g. 'origin_hits <= 50' (the language: docs/conditions.md).",
)
@seed_and_replications()
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, MOST_JOBS),
    help="Processes; as many as there are cores if absent. The output does not depend"
    " on it.",
)
@on_option
@click.option(
    "--shard",
    metavar="I/N",
    help="Only this part of the points, e.g. 3/16; merge joins the tables.",
)
@click.option(
    "--cache/--no-cache",
    "is_cached",
    default=True,
    help="Whether to use and fill .simcoalesce/cache.",
)
@wanted_options
@click.option("--dry-run", is_flag=True, help="List the points, and run none.")
@out_option(
    "Write table.csv (or .parquet), a page: NAME.html or NAME.md, or a picture:"
    " NAME.png or NAME.svg.",
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
    is_cached: bool,
    wanted: Wanted,
    dry_run: bool,
    targets: Sequence[str],
) -> int:
    """Simulate FILE at many points, each under the same seeds.

    Points are kept in .simcoalesce/cache. Exits with 13 if one has no verdict.
    """
    scenario = load(file, overrides)
    shown, limit = _shown(metric, goal)
    scenario = wanted.asked_of(scenario, shown, limit)
    with usage_errors():
        axes = [Axis.parse(text) for text in parameters]
        sample = wanted.sample(sample)
        plan = sweep_plan(scenario, axes, sample, seed=seed, replications=replications)
        part = Shard.parse(shard or "1/1")
    indices = part.indices(len(plan.points))
    wanted.announce(plan)
    if dry_run:
        return _listed(plan, indices)
    check_targets(targets)
    execute, workers = executor_on(on, jobs=jobs, points=len(indices))
    with _PointProgress(file, plan) as progress:
        found = simulate_points(
            plan,
            execute=execute,
            jobs=workers,
            cache=PointCache(FOLDER if is_cached else None),
            only=indices,
            on_point=progress.point_done,
        )
    answers = wanted.answers(found, shown, limit)
    with targets_written(targets, found, part, answers):
        tell = partial(wanted.tell, answers)
        code = _ended(found, tell, progress, indices, is_cached=is_cached)
    return code or answers.exit_code


def _shown(metric: str | None, goal: str | None) -> tuple[str | None, Condition | None]:
    """Return the metric and the goal that a command line names."""
    with usage_errors():
        (shown,) = known_metrics([metric]) if metric else (None,)
        return shown, EXPECTED.condition(goal) if goal else None


def _listed(plan: SweepPlan, indices: Sequence[int]) -> int:
    for index in indices:
        click.echo(" ".join(plan.overrides(plan.points[index])))
    runs = len(indices) * plan.replications
    points, each = counted(len(indices), "point"), counted(plan.replications, "run")
    click.echo(f"{points}, {each} each: {runs:,} in all; nothing was run.", err=True)
    return exits.OK


class _PointProgress(Progress):
    """Says too which points failed, at once, and counts those from the cache."""

    def __init__(self, file: str, plan: SweepPlan) -> None:
        super().__init__(of_what="points")
        self._file = file
        self._plan = plan
        self.failures = 0
        self.from_cache = 0

    def point_done(self, point: SweepPoint, done: int, of: int) -> None:
        """Take note of a point."""
        self.from_cache += point.is_cached
        if point.failure:
            self.failures += 1
            if self.failures <= _MOST_FAILURES:
                self.clear()
                click.echo(f"{', '.join(point.overrides)}: {point.failure}", err=True)
                click.echo(f"  again: {self._command(point)}", err=True)
        self(done, of)

    def _command(self, point: SweepPoint) -> str:
        plan = self._plan
        every = (*plan.scenario.overrides, *point.overrides)
        changes = [part for change in every for part in ("-s", change)]
        seeds = ["--seed", str(plan.seed), "--reps", str(plan.replications)]
        return join(["simcoalesce", "run", self._file, *changes, *seeds])


def _ended(
    found: Sweep,
    tell: Callable[[], None],
    progress: _PointProgress,
    indices: Sequence[int],
    *,
    is_cached: bool,
) -> int:
    """Print what was found, and return what the shell is told of it."""
    of = f"of {len(indices):,}"
    is_stopped = len(found.done) < len(indices)
    if len(found.done) > len(found.failed) or not is_stopped:
        tell()
    if progress.from_cache:
        points = counted(progress.from_cache, "point")
        click.echo(f"{points} {of} from {FOLDER}", err=True)
    if len(found.failed) > _MOST_FAILURES:
        failed = f"{len(found.failed):,} points failed"
        click.echo(f"{failed}, of which {_MOST_FAILURES} are shown", err=True)
    if is_stopped:
        kept = f"{len(found.done):,} {of} points"
        again = join(["simcoalesce", *sys.argv[1:]])
        how = f"Stopped: {kept} are kept. To go on: {again}"
        if not is_cached:
            how = f"Stopped after {kept}; without the cache they are lost."
        click.echo(how, err=True)
        return exits.INTERRUPTED
    if no_verdict := no_verdict_sentence(found):
        click.echo(f"{no_verdict[0].lower()}{no_verdict[1:-1]}", err=True)
    if found.failed:
        return exits.POINTS_FAILED
    return exits.UNDECIDED if no_verdict else exits.OK
