"""Sweeps: one scenario at many points, every point under the same seeds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.experiment.sweeps.baseline import baseline
from simcoalesce.experiment.sweeps.executor import Executor, in_this_process
from simcoalesce.experiment.sweeps.point import (
    PointDone,
    PointTask,
    SweepPoint,
    failure_text,
)
from simcoalesce.experiment.sweeps.point_cache import PointCache
from simcoalesce.experiment.sweeps.sampling import Point, points
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.validation_error import InvalidScenario

_SAME_EVERYWHERE: Final = frozenset(("seed", "replications"))

OnPoint = Callable[[SweepPoint, int, int], None]
"""Called with each cell, how many are done, and of how many."""


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
    def present(self) -> tuple[str | None, ...]:
        """What the scenario itself says on each axis; None if no single value."""
        return tuple(baseline(self.scenario, axis.key) for axis in self.axes)


@dataclass(frozen=True)
class Sweep:
    """What a sweep found.

    Attributes:
        plan: What was to be simulated.
        cells: One for each point, in their order; None for what is not done.
    """

    plan: SweepPlan
    points: tuple[SweepPoint | None, ...]

    @property
    def done(self) -> tuple[SweepPoint, ...]:
        """The cells that are done, failed ones included."""
        return tuple(point for point in self.points if point)

    @property
    def failed(self) -> tuple[SweepPoint, ...]:
        """The cells that could not be simulated."""
        return tuple(point for point in self.done if point.failure)

    @property
    def is_complete(self) -> bool:
        """Whether every point is done."""
        return None not in self.points


def planned(
    scenario: Scenario,
    axes: Sequence[Axis],
    sample: str = "grid",
    *,
    seed: int | None = None,
    replications: int | None = None,
) -> SweepPlan:
    """Return the plan of a sweep.

    Args:
        scenario: The scenario, before any change.
        axes: The parameters; at least one.
        sample: Which points, as in `sampling.points`.
        seed: Seed of the first replication; the scenario's own if absent.
        replications: How many runs at every point; the scenario's number if absent.

    Raises:
        ValueError: If there is no axis, or the axes do not suit the sample.
    """
    _check_axes(axes)
    here = [baseline(scenario, axis.key) for axis in axes]
    if sample == "oat" and None in here:
        key = axes[here.index(None)].key
        raise ValueError(f"{key} has no single value now; write one into the scenario")
    first = scenario.seed if seed is None else seed
    known = [value or "" for value in here]
    found = points(axes, sample, seed=first, here=known)
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


def sweep(
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
        on_point: Called with each cell as soon as it is done.

    Returns:
        All cells; after Ctrl-C those that were complete.

    Raises:
        InvalidScenario: If not one of the points is valid.
        ValueError: If the executor cannot work.
    """
    progress = _Progress(plan, cache or PointCache(None), on_point)
    places = range(len(plan.points)) if only is None else only
    try:
        missing = progress.known(places)
        repeats = max(1, len(missing) // jobs) * plan.replications
        works = [
            PointTask(
                place, progress.overrides(place), plan.seed, plan.replications, repeats
            )
            for place in missing
        ]
        for one in execute(plan.scenario, works) if works else ():
            progress.take(one)
    except KeyboardInterrupt:
        pass
    return Sweep(plan, tuple(progress.points))


class _Progress:
    """The cells so far."""

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

    def overrides(self, place: int) -> tuple[str, ...]:
        """Return what makes a point."""
        return self._plan.overrides(self._plan.points[place])

    def known(self, places: Sequence[int]) -> list[int]:
        """Settle what is invalid or in the cache; return what is to be simulated."""
        self._total = len(places)
        settled = [*self._settled(places)]
        refusals = [error for _, error in settled if isinstance(error, InvalidScenario)]
        if places and len(refusals) == len(places):
            raise refusals[0]
        missing = []
        for place, found in settled:
            if isinstance(found, Exception):
                failure = failure_text(found)
                self._put(place, SweepPoint(self.overrides(place), failure=failure))
            elif found is None:
                missing.append(place)
            else:
                point = SweepPoint(self.overrides(place), found, is_cached=True)
                self._put(place, point)
        return missing

    def _settled(
        self, places: Sequence[int]
    ) -> Iterator[tuple[int, MetricValues | Exception | None]]:
        plan = self._plan
        seeds: dict[str, Any] = {"seed": plan.seed, "replications": plan.replications}
        for place in places:
            try:
                point = plan.scenario.with_overrides(*self.overrides(place))
                self._digests[place] = point.sha256
            except ValueError as error:
                yield place, error
            else:
                yield place, self._cache.get(point.sha256, **seeds)

    def take(self, one: PointDone) -> None:
        """Keep what a worker did."""
        overrides = self.overrides(one.place)
        if one.values is None:
            self._put(
                one.place, SweepPoint(overrides, failure=one.failure or "it failed")
            )
            return
        measured = MetricValues(self._plan.seed, one.values)
        digest = self._digests[one.place]
        self._cache.put(digest, one.values, seed=self._plan.seed)
        self._put(one.place, SweepPoint(overrides, measured))

    def _put(self, place: int, point: SweepPoint) -> None:
        self.points[place] = point
        self._count += 1
        if self._on_point is not None:
            self._on_point(point, self._count, self._total)
