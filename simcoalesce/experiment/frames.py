"""Frames: comparisons and sweeps as tables of pandas, for notebooks and scripts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simcoalesce.experiment import compare as comparisons
from simcoalesce.experiment.compare import Comparison
from simcoalesce.experiment.direction import known_metrics
from simcoalesce.experiment.sweeps.executor import in_processes, in_this_process
from simcoalesce.experiment.sweeps.sweep import planned
from simcoalesce.experiment.sweeps.sweep import sweep as swept
from simcoalesce.experiment.sweeps.sweep_table import frame_of, table_rows
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


def compare(
    base: Scenario,
    *others: Scenario,
    metrics: Sequence[str] = (),
    margin_ratio: float = 0.02,
    seed: int | None = None,
    replications: int | None = None,
) -> "pd.DataFrame":
    """Say what changes from one scenario to others, under the same seeds.

    Scenarios with the same traffic are compared pair by pair; others by Welch's t,
    and their ``better_in`` is missing.

    Args:
        base: What the others are compared with.
        others: One or more.
        metrics: Which ones; those expected of, and the usual ones, if absent.
        margin_ratio: Up to which share of the base a change does not matter.
        seed: Seed of the first replication; the base's own if absent.
        replications: How many runs of each; the base's number if absent.

    Returns:
        A row for each other scenario and metric: scenario, metric, unit, before,
        after, change (after minus before), low and high (of its 95 % interval),
        better_in (of n pairs), n, p_value (Holm-adjusted), verdict.

    Raises:
        ValueError: If there is no other scenario, or no such metric.

    Example:
        >>> naive = Scenario.parse('''
        ... version: 1
        ... traffic: {arrivals: [{kind: burst, requests: 100, within: 400ms}]}
        ... origin: {latency: 120ms}
        ... path: [kv.read, kv.write, origin]
        ... ''')
        >>> fast = naive.with_overrides("kv.write_latency=0ms")
        >>> table = compare(naive, fast, metrics=["origin_hits"], replications=5)
        >>> table[["metric", "before", "after", "better_in", "verdict"]]
                metric  before  after  better_in verdict
        0  origin_hits    51.0   29.6          5  better
    """
    found = comparisons.compare(
        [base, *others],
        seed=seed,
        replications=replications,
        metrics=known_metrics(metrics),
        margin_ratio=margin_ratio,
    )
    return _frame(row for one in found for row in _rows(one))


def _frame(rows: Iterable[dict[str, Any]]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - a third of a second, only when asked for

    return pd.DataFrame(rows).astype({"better_in": "Int64"})


def _rows(comparison: Comparison) -> list[dict[str, Any]]:
    return [
        {
            "scenario": comparison.other.label,
            "metric": one.metric,
            "unit": one.change.unit,
            "before": one.base.mean,
            "after": one.other.mean,
            "change": one.change.mean,
            "low": one.change.low,
            "high": one.change.high,
            "better_in": one.better_in,
            "n": one.change.n,
            "p_value": one.p_value,
            "verdict": one.verdict,
        }
        for one in comparison.differences
    ]


def sweep(
    scenario: Scenario,
    vary: Mapping[str, Sequence[Any] | str] | None = None,
    *,
    sample: str = "grid",
    seed: int | None = None,
    replications: int | None = None,
    jobs: int = 1,
) -> "pd.DataFrame":
    """Simulate a scenario at many points, each under the same seeds.

    Args:
        scenario: The scenario, before any change.
        vary: Values by parameter: lists, or ranges such as ``180ms..2.88s/5log``; what
            the scenario's own ``sweep:`` says if absent.
        sample: ``grid``, ``oat`` (one at a time), ``random:N``, ``lhs:N`` or
            ``sobol:N``.
        seed: Seed of the first replication; the scenario's own if absent.
        replications: How many runs at every point; the scenario's number if absent.
        jobs: Processes. A script that wants more than one must guard its main part by
            ``if __name__ == "__main__":``, as `multiprocessing` demands; a notebook
            need not.

    Returns:
        A row for each point and metric: point, the parameters (as texts), metric, unit,
        mean, sd, low and high (of the 95 % interval), n, reason. A point that failed
        has one row, with the reason.

    Raises:
        InvalidScenario: If not one of the points is valid.
        ValueError: If there is no parameter, or the values do not suit the sample.

    Example:
        >>> sale = Scenario.parse('''
        ... version: 1
        ... traffic: {arrivals: [{kind: burst, requests: 100, within: 400ms}]}
        ... origin: {latency: 120ms}
        ... path: [kv.read, kv.write, origin]
        ... ''')
        >>> table = sweep(sale, {"kv.write_latency": ["0ms", "80ms"]}, replications=5)
        >>> hits = table[table["metric"] == "origin_hits"]
        >>> hits.set_index("kv.write_latency")["mean"].to_dict()
        {'0ms': 29.6, '80ms': 51.0}
    """
    wanted = (scenario.sweep or {}) if vary is None else vary
    axes = [Axis.of(key, values) for key, values in wanted.items()]
    plan = planned(scenario, axes, sample, seed=seed, replications=replications)
    execute = in_this_process if jobs == 1 else in_processes(jobs)
    return frame_of(table_rows(swept(plan, execute=execute, jobs=jobs)))
