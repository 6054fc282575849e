"""Calls so far: all of them, those that were accepted, and what the limit allows."""

from simcoalesce import Scenario
from simcoalesce.experiment.single_run import run
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.panels.calls_charts import calls_charts

SALE = """
traffic: {arrivals: [{kind: burst, requests: 40, within: 1s}]}
origin: {latency: 10ms, rate_limit: {kind: fixed_window, limit: 25, per: 5m}}
path: [origin]
"""


def test_calls_so_far_end_at_all_calls_and_the_limit_is_level() -> None:
    """Of 40 calls a window of 25 takes 25, whatever has come before."""
    scenario = Scenario.parse(SALE)
    chart = calls_charts(RunView(run(scenario, seed=1), scenario, 1))[0]
    calls, accepted, allowed = chart["panel"]["lines"]

    assert calls["values"][-1] == 40
    assert accepted["values"][-1] == 25
    assert set(allowed["values"]) == {25.0}
    assert len(allowed["values"]) == len(chart["panel"]["x"])
