"""The Python API where rooms meet: what the commands call, too.

All of it is imported from the package itself: ``from simcoalesce import compare``.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simcoalesce.experiment.compare import Comparison, comparisons, named_scenarios
from simcoalesce.experiment.result import Result
from simcoalesce.experiment.saved import load_result, saved_document
from simcoalesce.experiment.sweeps.cluster import executor_on
from simcoalesce.experiment.sweeps.sweep import simulate_points, sweep_plan
from simcoalesce.experiment.sweeps.sweep_table import frame_of, table_rows
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from simcoalesce.explain.explanation import Explanation
    from simcoalesce.explain.timeline.request_trace import RequestTrace


def compare(
    base: Scenario | str,
    *others: Scenario | str,
    metrics: Sequence[str] = (),
    margin_ratio: float = 0.02,
    seed: int | None = None,
    replications: int | None = None,
) -> "pd.DataFrame":
    """Say what changes from one scenario to others, under the same seeds.

    Scenarios with the same traffic are compared pair by pair; others by Welch's t,
    and their ``better_in`` is missing.

    Args:
        base: What the others are compared with; a scenario, the name of a file, or of
            a saved result, which is made again.
        others: One or more; ``@per-key`` is a variant of the base.
        metrics: Which ones, e.g. ``errors`` or ``errors[location=icn]``; those
            expected of, and the usual ones, if absent.
        margin_ratio: Up to which share of the base a change does not matter.
        seed: Seed of the first replication; the base's own if absent.
        replications: How many runs of each; the base's number if absent.

    Returns:
        A row for each other scenario and metric: scenario, metric, unit, before,
        after, change (after minus before), ci95_low and ci95_high (of the change),
        better_in (of n pairs), n, p_value (Holm-adjusted), verdict, reason (of
        what is not comparable, or has no verdict).

    Raises:
        ValueError: If there is no other scenario, no such metric, or a file is wrong.

    Example:
        >>> sale = "scenarios/flash-sale-9pm.yaml"
        >>> table = compare(sale, "@per-key", metrics=["origin_hits"], replications=2)
        >>> table[["metric", "before", "after", "better_in", "verdict"]]
                metric  before  after  better_in verdict
        0  origin_hits  2418.0    5.0          2  better
    """
    scenarios, seed, replications = named_scenarios(
        [base, *others], seed=seed, replications=replications
    )
    found = comparisons(
        scenarios,
        seed=seed,
        replications=replications,
        metrics=metrics,
        margin_ratio=margin_ratio,
    )
    return _frame([row for one in found for row in _rows(one)])


def _frame(rows: Sequence[Mapping[str, Any]]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - a third of a second, only when asked for

    return pd.DataFrame(rows).astype({"better_in": "Int64"})


def _rows(comparison: Comparison) -> list[dict[str, Any]]:
    ends = [one.change.ci95 or (None, None) for one in comparison.differences]
    return [
        {
            "scenario": comparison.other.label,
            "metric": one.metric,
            "unit": one.change.unit,
            "before": one.base.mean,
            "after": one.other.mean,
            "change": one.change.mean,
            "ci95_low": low,
            "ci95_high": high,
            "better_in": one.better_in,
            "n": one.change.n,
            "p_value": one.p_value,
            "verdict": one.verdict,
            "reason": one.reason or comparison.no_verdict or None,
        }
        for one, (low, high) in zip(comparison.differences, ends, strict=True)
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
        A row for each point and metric, those that the scenario is asked for by
        `Scenario.with_metrics` too: point, the parameters (as texts), metric, unit,
        mean, sd, ci95_low and ci95_high (of the mean), n, reason; and what the row is
        part of: metrics (of its point), points, shard, plan (a digest). A point that
        failed has one row, with the reason.

    Raises:
        InvalidScenario: If not one of the points is valid.
        ValueError: If there is no parameter, or the values do not suit the sample.

    Example:
        >>> sale = Scenario.load("scenarios/flash-sale-9pm.yaml")
        >>> table = sweep(sale, {"kv.write_latency": ["0ms", "80ms"]}, replications=1)
        >>> hits = table[table["metric"] == "origin_hits"]
        >>> hits.set_index("kv.write_latency")["mean"].to_dict()
        {'0ms': 1205.0, '80ms': 2435.0}
    """
    axes = [Axis.of(key, values) for key, values in (vary or {}).items()]
    plan = sweep_plan(scenario, axes, sample, seed=seed, replications=replications)
    execute, workers = executor_on("here", jobs=jobs, points=len(plan.points))
    return frame_of(table_rows(simulate_points(plan, execute=execute, jobs=workers)))


def why(
    scenario: Scenario, request: int | str = "slowest", *, seed: int | None = None
) -> "RequestTrace":
    """Trace one request: what it met, and what it waited for.

    Args:
        scenario: What to simulate.
        request: Its number in order of arrival, from 0 on; or ``slowest``,
            ``first-429``, ``first-error``, ``first-miss``, ``first-hit``,
            ``first-stale``, ``first-bypass``.
        seed: Seed of the run; the scenario's own if absent.

    Returns:
        The request; instants in nanoseconds, and in seconds in its ``document()``.

    Raises:
        ValueError: If there is no such request.

    Example:
        >>> sale = Scenario.load("scenarios/flash-sale-9pm.yaml")
        >>> why(sale, "first-429").document()["status"]
        429
    """
    from simcoalesce.explain.timeline.request_trace import request_trace  # noqa: PLC0415

    return request_trace(scenario, str(request), seed=seed)


def charts(
    subject: "Result | Outcomes | Explanation",
    folder: str | Path,
    scenario: Scenario | None = None,
) -> list[Path]:
    """Draw all charts of a run, a result or an explanation, as PNG and as SVG.

    Args:
        subject: What is drawn; of a result, its first run. The same subject gives the
            same bytes.
        folder: Where the files go; made if it does not exist.
        scenario: For the clock and the limits in charts of a run; a result has its own.

    Returns:
        The files, two for each chart that the subject allows.

    Raises:
        OSError: If the folder or a file cannot be written.

    Example:
        >>> charts(run(sale), "charts", sale)  # doctest: +SKIP
        [PosixPath('charts/arrivals_by_outcome.png'), ...]
    """
    from simcoalesce.report.blocks.run_view import RunView  # noqa: PLC0415 - slow
    from simcoalesce.report.drawing.figure import save_pictures  # noqa: PLC0415 - matplotlib

    if isinstance(subject, Result):
        return save_pictures(RunView.of(subject), folder)
    if isinstance(subject, Outcomes):
        return save_pictures(RunView(subject, scenario), folder)
    return save_pictures(subject, folder)


def page(
    subject: "Result | Explanation | str | Path",
    on_replication: Callable[[float, int], None] | None = None,
) -> str:
    """Return a page with its charts, as one HTML file without scripts or network.

    Args:
        subject: A result, an explanation, or the file of a saved result, which is made
            again, or of a measured run.
        on_replication: Called when a saved result is made again, as in `load_result`.

    Raises:
        ValueError: If the file is none of these, has an older schema, or cannot be made
            again.

    Example:
        >>> Path("page.html").write_text(page("result.json"))  # doctest: +SKIP
    """
    if isinstance(subject, (str, Path)):
        return _page_of_file(subject, on_replication)
    from simcoalesce.report.html import page as html  # noqa: PLC0415 - matplotlib

    if isinstance(subject, Result):
        from simcoalesce.report.blocks.result import result_report  # noqa: PLC0415

        return html.page(result_report(subject))
    from simcoalesce.report.blocks.explanation_report import explanation_report  # noqa: PLC0415

    return html.page(explanation_report(subject, has_steps=True))


def _page_of_file(
    path: str | Path, on_replication: Callable[[float, int], None] | None
) -> str:
    document = saved_document(path)
    if "agreement" in document:
        from simcoalesce.report.blocks.measurement import measurement_report  # noqa: PLC0415
        from simcoalesce.report.html.page import page as html  # noqa: PLC0415 - matplotlib
        from simcoalesce.validation.measurement import measurement  # noqa: PLC0415 - slow

        return html(measurement_report(measurement(path)))
    if "remedies" in document:
        raise ValueError(
            f"{path} is an explanation; its page is written along with it:"
            " simcoalesce explain FILE -o explain.html"
        )
    return page(load_result(path, on_replication))
