"""A small scenario, quick to simulate, for tests of experiments."""

from collections.abc import Sequence

from simcoalesce.experiment.compare import Comparison, comparisons
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.metrics import METRICS
from simcoalesce.scenario.scenario import Scenario

TEXT = """\
version: 1
name: sale
seed: 3
replications: 4
duration: 2s
traffic:
  arrivals:
    - {kind: burst, requests: 60, within: 400ms}
kv:
  write_latency: 80ms
  on_refused: ignore
origin:
  latency: 120ms
path: [kv.read, kv.write, origin]
expect: [origin_hits <= 10]
variants:
  per-key: {path: [kv.read, durable_object, kv.write, origin]}
  larger: {traffic: {arrivals: [{kind: burst, requests: 90, within: 400ms}]}}
"""

REFUSE = "origin.rate_limit={kind: fixed_window, limit: 5, per: 1m}"
"""Of the 60 requests of a run, all but five are refused."""


def a_sale(variant: str | None = None, *overrides: str, more: str = "") -> Scenario:
    """Return the scenario of TEXT, changed."""
    return Scenario.parse(
        TEXT + more, name="sale.yaml", variant=variant, overrides=overrides
    )


def a_comparison(change: str = REFUSE, *, metrics: Sequence[str] = ()) -> Comparison:
    """Return the comparison of the sale with itself after a change: 55 refusals."""
    pair = [a_sale(), a_sale(None, change)]
    (found,) = comparisons(pair, metrics=metrics)
    return found


def measured(**values: Sequence[float | None]) -> MetricValues:
    """Return measurements in which all other metrics are missing."""
    count = len(next(iter(values.values())))
    every = {name: tuple(values.get(name, [None] * count)) for name in METRICS}
    return MetricValues(1, every)
