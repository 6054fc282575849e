"""Sweeps: one scenario at many points, every point under the same seeds."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

from simcoalesce.experiment.metric_values import MetricValues, no_verdict_of
from simcoalesce.experiment.result import MODEL_VERSION
from simcoalesce.experiment.sweeps.baseline import baseline
from simcoalesce.experiment.sweeps.executor import Executor, in_this_process
from simcoalesce.experiment.sweeps.point import (
    PointWorker,
    SweepPoint,
    failure_text,
)
from simcoalesce.experiment.sweeps.point_cache import PointCache
from simcoalesce.experiment.sweeps.sampling import Point, points
from simcoalesce.metrics import METRICS
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.version import __version__
from simcoalesce.yaml.validation_error import InvalidScenario

_SAME_EVERYWHERE: Final = frozenset(("seed", "replications"))

OnPoint = Callable[[SweepPoint, int, int], None]
"""Called with each point, how many are done, and of how many."""


@dataclass(frozen=True)
class SweepPlan:
    """What a sweep is to simulate.

    Attributes:
        scenario: The scenario, before any change.
        axes: The parameters.
        sample: Which points of the space between them, e.g. ``grid``.
        points: The points, one value for each axis.
        seed: Seed of the first replication, the same at every point.
        replications: How many runs at every point.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    sample: str
    points: tuple[Point, ...]
    seed: int
    replications: int

    def overrides(self, point: Point) -> tuple[str, ...]:
        """Return what makes the scenario a point, as KEY=VALUE."""
        pairs = zip(self.axes, point, strict=True)
        return tuple(f"{axis.key}={value}" for axis, value in pairs)

    @cached_property
    def sha256(self) -> str:
        """Digest of all that decides the table: of the shards of one plan it is equal.

        Raises:
            ValueError: If a file that the scenario names cannot be read any more.
        """
        axes = [axis.key for axis in self.axes]
        metrics = [*METRICS, *self.scenario.selected_metrics]
        made_by = [self.scenario.sha256, MODEL_VERSION, __version__]
        seeds = [self.seed, self.replications]
        decisive = [made_by, metrics, axes, self.points, seeds]
        return sha256(json.dumps(decisive).encode()).hexdigest()

    @cached_property
    def baseline(self) -> tuple[str | None, ...]:
        """What the scenario itself says on each axis; None if no single value."""
        return tuple(baseline(self.scenario, axis.key) for axis in self.axes)


@dataclass(frozen=True)
class Sweep:
    """What a sweep found.

    Attributes:
        plan: What was to be simulated.
        points: One for each point of the plan, in their order; None for what is not
            done.
    """

    plan: SweepPlan
    points: tuple[SweepPoint | None, ...]

    @property
    def done(self) -> tuple[SweepPoint, ...]:
        """The points that are done, failed ones included."""
        return tuple(point for point in self.points if point)

    @property
    def is_complete(self) -> bool:
        """Whether every point is done."""
        return None not in self.points

    @property
    def failed(self) -> tuple[SweepPoint, ...]:
        """The points that could not be simulated."""
        return tuple(point for point in self.done if point.failure)

    @property
    def without_verdict(self) -> tuple[SweepPoint, ...]:
        """The points from whose runs nothing follows."""
        return tuple(point for point in self.done if point.no_verdict)

    @property
    def no_verdict(self) -> str:
        """Why nothing follows at these points, each reason once; empty without any."""
        return no_verdict_of(one.measured for one in self.done if one.measured)


def sweep_plan(
    scenario: Scenario,
    axes: Sequence[Axis] = (),
    sample: str = "grid",
    *,
    seed: int | None = None,
    replications: int | None = None,
) -> SweepPlan:
    """Return the plan of a sweep; arguments are as for `simcoalesce.sweep`.

    Without axes they are those of the scenario's ``sweep:``.

    Raises:
        ValueError: If there is no axis, or the axes do not suit the sample.
    """
    axes = axes or [Axis.of(*one) for one in (scenario.sweep or {}).items()]
    _check_axes(axes)
    now = [baseline(scenario, axis.key) for axis in axes]
    if sample == "oat" and None in now:
        key = axes[now.index(None)].key
        raise ValueError(f"{key} has no single value now; write one into the scenario")
    first = scenario.seed if seed is None else seed
    found = points(axes, sample, seed=first, baseline=[value or "" for value in now])
    wanted = scenario.replications if replications is None else replications
    return SweepPlan(scenario, tuple(axes), sample, tuple(found), first, wanted)


def _check_axes(axes: Sequence[Axis]) -> None:
    if not axes:
        raise ValueError(
            "no parameter to vary; write e.g. -P kv.write_latency=0ms,20ms,80ms, or"
            " sweep: in the scenario"
        )
    for axis in axes:
        if axis.key in _SAME_EVERYWHERE:
            raise ValueError(
                f"{axis.key} cannot vary: every point is simulated under the same"
                " seeds, as --seed and --reps say"
            )


def simulate_points(
    plan: SweepPlan,
    *,
    execute: Executor = in_this_process,
    jobs: int = 1,
    cache: PointCache | None = None,
    only: Sequence[int] | None = None,
    on_point: OnPoint | None = None,
) -> Sweep:
    """Simulate every point; the same plan gives the same bytes, whoever does the work.

    Args:
        plan: What to simulate.
        execute: Who does the work.
        jobs: How many workers there are, roughly.
        cache: What was measured before, and will be; nothing if absent.
        only: The indices of the points to simulate; all if absent.
        on_point: Called with each point as soon as it is done.

    Returns:
        All points; after Ctrl-C those that were complete.

    Raises:
        InvalidScenario: If not one of the points is valid.
        ValueError: If the executor cannot work.
    """
    progress = _Progress(plan, cache or PointCache(None), on_point)
    indices = range(len(plan.points)) if only is None else only
    try:
        missing = progress.known(indices)
        repeats = max(1, len(missing) // jobs) * plan.replications
        worker = PointWorker(plan.scenario, plan.seed, plan.replications, repeats)
        tasks = [(index, progress.overrides(index)) for index in missing]
        for index, point in execute(worker, tasks) if tasks else ():
            progress.take(index, point)
    except KeyboardInterrupt:
        pass
    return Sweep(plan, tuple(progress.points))


class _Progress:
    """The points so far."""

    def __init__(
        self, plan: SweepPlan, cache: PointCache, on_point: OnPoint | None
    ) -> None:
        self.points: list[SweepPoint | None] = [None] * len(plan.points)
        self._plan = plan
        self._cache = cache
        self._on_point = on_point
        self._digests: dict[int, str] = {}
        self._count = 0
        self._total = 0

    def overrides(self, index: int) -> tuple[str, ...]:
        """Return what makes a point."""
        return self._plan.overrides(self._plan.points[index])

    def known(self, indices: Sequence[int]) -> list[int]:
        """Take what is invalid or in the cache; return what is to be simulated."""
        self._total = len(indices)
        looked_up = [(index, self._looked_up(index)) for index in indices]
        refusals = [one for _, one in looked_up if isinstance(one, InvalidScenario)]
        if indices and len(refusals) == len(indices) and not self._is_any_valid():
            raise refusals[0]
        missing = []
        for index, found in looked_up:
            overrides = self.overrides(index)
            if found is None:
                missing.append(index)
            elif isinstance(found, Exception):
                self._put(index, SweepPoint(overrides, failure=failure_text(found)))
            else:
                self._put(index, SweepPoint(overrides, found, is_cached=True))
        return missing

    def _is_any_valid(self) -> bool:
        """Whether a point of the sweep is valid, be it of another shard."""
        for index in range(len(self.points)):
            with suppress(InvalidScenario):
                self._plan.scenario.with_overrides(*self.overrides(index))
                return True
        return False

    def _looked_up(self, index: int) -> MetricValues | ValueError | None:
        plan = self._plan
        try:
            point = plan.scenario.with_overrides(*self.overrides(index))
            digest = self._digests[index] = point.sha256
        except ValueError as error:
            return error
        return self._cache.get(
            digest,
            seed=plan.seed,
            replications=plan.replications,
            selected=point.selected_metrics,
        )

    def take(self, index: int, point: SweepPoint) -> None:
        """Keep what a worker did."""
        if point.measured is not None:
            self._cache.put(self._digests[index], point.measured)
        self._put(index, point)

    def _put(self, index: int, point: SweepPoint) -> None:
        self.points[index] = point
        self._count += 1
        if self._on_point is not None:
            self._on_point(point, self._count, self._total)
