"""The document of a sweep: its points, and what was found of them."""

from collections.abc import Sequence
from typing import Any

from simcoalesce.conditions.condition import Condition
from simcoalesce.experiment.result import SCHEMA_VERSION, tool
from simcoalesce.experiment.solve import evaluation_of
from simcoalesce.experiment.sweeps.pareto import ParetoFront, ParetoPoint
from simcoalesce.experiment.sweeps.point import SweepPoint
from simcoalesce.experiment.sweeps.sobol_indices import SobolIndex
from simcoalesce.experiment.sweeps.sweep import Sweep
from simcoalesce.plain import plain


def sweep_document(
    sweep: Sweep,
    metric: str,
    goal: Condition | None = None,
    *,
    pareto: ParetoFront | None = None,
    sobol: Sequence[SobolIndex] | None = None,
) -> dict[str, Any]:
    """Return a sweep as plain values: the contract of ``sweep --json``.

    Args:
        sweep: The sweep.
        metric: The one that is shown.
        goal: What is wanted; None if nothing is.
        pareto: Its front, if it was asked for.
        sobol: Sobol indices of the metric, if they were asked for.
    """
    plan = sweep.plan
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": tool(),
        "scenario": plan.scenario.label,
        "scenario_sha256": plan.scenario.sha256,
        "seed": plan.seed,
        "replications": plan.replications,
        "sample": plan.sample,
        "baseline": dict(
            zip((axis.key for axis in plan.axes), plan.baseline, strict=True)
        ),
        "metric": metric,
        "goal": str(goal) if goal else None,
        "no_verdict": sweep.no_verdict or None,
        "points": [
            _point(sweep, index, point, metric, goal)
            for index, point in enumerate(sweep.points)
            if point
        ],
    }
    if pareto is not None:
        document["pareto"] = [_on_front(pareto, one) for one in pareto.front]
        document["pareto_not_comparable"] = [*pareto.not_comparable]
    if sobol is not None:
        document["sobol_indices"] = plain(tuple(sobol))
    return document


def _on_front(pareto: ParetoFront, one: ParetoPoint) -> dict[str, Any]:
    means = {name: pareto.mean(one.index, name) for name in pareto.metrics}
    values = _values(pareto.sweep, one.index)
    return {**plain(one), "values": values, "means": means}


def _values(sweep: Sweep, index: int) -> dict[str, str]:
    keys = (axis.key for axis in sweep.plan.axes)
    return dict(zip(keys, sweep.plan.points[index], strict=True))


def _point(
    sweep: Sweep, index: int, point: SweepPoint, metric: str, goal: Condition | None
) -> dict[str, Any]:
    truth = None
    if goal is not None and point.measured is not None:
        truth = evaluation_of(goal, point.measured).truth
    return {
        "index": index,
        "values": _values(sweep, index),
        "estimate": plain(point.estimate(metric)),
        "goal": truth,
        "failure": point.failure,
        "no_verdict": point.no_verdict or None,
    }
