"""What a sweep is asked for besides its points, as tables: front and sensitivity."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simcoalesce.experiment.answered import compared_by
from simcoalesce.experiment.direction import known_metrics
from simcoalesce.experiment.sweeps.cluster import executor_on
from simcoalesce.experiment.sweeps.pareto import (
    ParetoFront,
    pareto_front,
    pareto_metrics,
)
from simcoalesce.experiment.sweeps.sobol_indices import (
    SobolIndex,
    sensitivity_sample,
    sobol_indices,
)
from simcoalesce.experiment.sweeps.sweep import Sweep, simulate_points, sweep_plan
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Vary = Mapping[str, Sequence[Any] | str]
"""Values by parameter: lists, or ranges as texts."""


def pareto(  # noqa: PLR0913 - one argument for each thing that a user may say
    scenario: Scenario,
    vary: Vary | None = None,
    *,
    metrics: Sequence[str],
    sample: str = "grid",
    seed: int | None = None,
    replications: int | None = None,
    jobs: int = 1,
) -> "pd.DataFrame":
    """Say which points of a sweep no other dominates in all of some metrics.

    A point is dominated by one that is better in a metric, and better or the same in
    each other: beyond the 95 % interval of the differences, seed by seed.

    Args:
        scenario: The scenario, before any change.
        vary: As for `sweep`, and all that follows.
        metrics: Two or more, each with a better direction.
        sample: Which points.
        seed: Seed of the first replication.
        replications: How many runs at every point.
        jobs: Processes.

    Returns:
        A row for each point that has all metrics and a verdict: point, the parameters
        (as texts), the mean of each metric in its own unit, verdict (front, undecided,
        dominated), dominated_by (a point; missing on the front), not_comparable (the
        metrics of answered requests, where points answer others; else empty).

    Raises:
        InvalidScenario: If not one of the points is valid.
        ValueError: If a metric is unknown or has no better direction, there are not
            two, or the values do not suit the sample.

    Example:
        >>> sale = Scenario.load("scenarios/flash-sale-9pm.yaml")
        >>> vary = {"kv.write_latency": ["0ms", "80ms"]}
        >>> pair = ["origin_hits", "errors"]
        >>> pareto(sale, vary, metrics=pair, replications=2)["verdict"].tolist()
        ['front', 'dominated']
    """
    names = pareto_metrics(",".join(metrics))
    more = (each for one in names for each in compared_by(one))
    asked = scenario.with_metrics(*names, *more)
    return _front(
        pareto_front(_swept(asked, vary, sample, seed, replications, jobs), names)
    )


def _front(front: ParetoFront) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - a third of a second, only when asked for

    swept, names = front.sweep, front.metrics
    apart = ", ".join(front.not_comparable)
    rows = [
        {
            "point": one.index,
            **_values(swept, one.index),
            **{name: front.mean(one.index, name) for name in names},
            "verdict": one.verdict,
            "dominated_by": one.dominated_by,
            "not_comparable": apart,
        }
        for one in front.points
    ]
    columns = ["verdict", "dominated_by", "not_comparable"]
    head = ["point", *(axis.key for axis in swept.plan.axes), *names, *columns]
    return pd.DataFrame(rows, columns=head).astype({"dominated_by": "Int64"})


def sensitivity(  # noqa: PLR0913 - one argument for each thing that a user may say
    scenario: Scenario,
    vary: Vary | None = None,
    *,
    metric: str = "origin_hits",
    size: int = 64,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int = 1,
) -> "pd.DataFrame":
    """Say which parameter makes how much of a metric's variance: Sobol indices.

    It simulates size times (parameters + 2) points; the extra ``sobol`` must be
    installed.

    Args:
        scenario: The scenario, before any change.
        vary: Ranges by parameter, such as ``0ms..160ms``, or lists of values; what the
            scenario's own ``sweep:`` says if absent.
        metric: Of which the mean over the replications is taken.
        size: Points of the sample, a power of two.
        seed: Seed of the first replication, and of the sample; its own if absent.
        replications: How many runs at every point; the scenario's number if absent.
        jobs: Processes, as for `sweep`.

    Returns:
        A row for each parameter, the largest total effect first: parameter,
        total_effect (the share of the variance that would be left if all others were
        fixed, in [0, 1] but for chance), ci95_low and ci95_high (by bootstrap over the
        points), chance (how much of it the seeds may make; missing with one run).

    Raises:
        InvalidScenario: If not one of the points is valid.
        ValueError: If there is no such metric, some points lack it, or the values do
            not suit the sample.

    Example:
        >>> sale = Scenario.load("scenarios/flash-sale-9pm.yaml")
        >>> vary = {"kv.write_latency": "0ms..160ms", "origin.latency": "1ms..2ms"}
        >>> sensitivity(sale, vary, size=4, replications=1)["parameter"].tolist()
        ['kv.write_latency', 'origin.latency']
    """
    (name,) = known_metrics([metric])
    asked, sample = scenario.with_metrics(name), sensitivity_sample(f"saltelli:{size}")
    swept = _swept(asked, vary, sample, seed, replications, jobs)
    return _effects(sobol_indices(swept, name))


def _effects(found: Sequence[SobolIndex]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - a third of a second, only when asked for

    rows = [
        {
            "parameter": one.key,
            "total_effect": one.total,
            "ci95_low": one.low,
            "ci95_high": one.high,
            "chance": one.chance,
        }
        for one in found
    ]
    return pd.DataFrame(rows).astype({"chance": "float64"})


def _swept(
    scenario: Scenario,
    vary: Vary | None,
    sample: str,
    seed: int | None,
    replications: int | None,
    jobs: int,
) -> Sweep:
    axes = [Axis.of(key, values) for key, values in (vary or {}).items()]
    plan = sweep_plan(scenario, axes, sample, seed=seed, replications=replications)
    execute, workers = executor_on("here", jobs=jobs, points=len(plan.points))
    return simulate_points(plan, execute=execute, jobs=workers)


def _values(swept: Sweep, index: int) -> dict[str, str]:
    keys = (axis.key for axis in swept.plan.axes)
    return dict(zip(keys, swept.plan.points[index], strict=True))
