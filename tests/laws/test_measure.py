"""measure: which part of a run is counted, in both engines, with rows or without."""

import pytest
from numpy.testing import assert_array_equal

from simcoalesce import Scenario, replicate
from simcoalesce.experiment.single_run import run, run_tally
from simcoalesce.metrics.tally import ERRORS, REQUESTS
from simcoalesce.yaml.validation_error import InvalidScenario

SALE = """
duration: 4s
traffic: {arrivals: [{kind: even, every_request: 10ms, requests: 400}]}
kv: {writes_per_key: unlimited}
path: [kv.read, kv.write, {origin: {latency: 120ms, faults: [{kind: first, calls: 5}]}}]
"""


def measuring(span: str) -> Scenario:
    """Return the sale, of which a part is counted."""
    return Scenario.parse(f"{SALE}\nmeasure: {span}")


def test_requests_before_and_behind_are_not_counted() -> None:
    """400 requests in 4 s: of [1 s, 3 s) 200, of which none fails or calls."""
    means = replicate(measuring("{from: 1s, until: 3s}"), replications=1).estimates

    assert (means["requests"].mean, means["origin_hits"].mean) == (200, 0)
    assert means["errors"].mean == 0


def test_without_it_all_are_counted() -> None:
    """The first calls fail."""
    means = replicate(Scenario.parse(SALE), replications=1).estimates

    assert (means["requests"].mean, means["errors"].mean) == (400, 5)


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_both_ways_to_count_agree(engine: str) -> None:
    """From the rows of a run, and while it streams."""
    scenario = measuring("{from: 50ms}").with_overrides(f"engine={engine}")
    tally = run_tally(scenario)
    metrics_of_rows = replicate(scenario, replications=1).estimates

    assert tally[REQUESTS] == 395 == metrics_of_rows["requests"].mean
    assert tally[ERRORS] == metrics_of_rows["errors"].mean


def test_rows_usage_and_costs_are_of_the_whole_run() -> None:
    """And the run says so."""
    part, whole = run(measuring("{from: 1s}")), run(Scenario.parse(SALE))

    assert_array_equal(part.request_rows.request, whole.request_rows.request)
    assert part.usage == whole.usage
    assert part.warnings == (
        "metrics count from 1s on; usage and costs are of the whole run",
    )


def test_a_change_behind_the_end_is_told() -> None:
    """It never happens."""
    late = Scenario.parse(f"{SALE}\nchanges: [{{at: 9s, purge: {{}}}}]")

    assert run(late).warnings == (
        "a change (purge) comes at 9s, when the scenario is over (4s)",
    )


@pytest.mark.parametrize(
    ("span", "says"),
    [("{from: 4s}", "not before the end"), ("{from: 2s, until: 1s}", "not after from")],
)
def test_a_span_without_a_request_is_refused(span: str, says: str) -> None:
    """When it is read."""
    with pytest.raises(InvalidScenario, match=says):
        measuring(span)
