"""Agreement: the predicted beside the measured."""

from dataclasses import replace

import pytest

from simcoalesce.model.edge import simulate
from simcoalesce.request import Requests
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.shipped import shipped
from simcoalesce.validation.agreement import Line, agreement, nearby_s
from simcoalesce.validation.host_latency import HostLatency
from simcoalesce.validation.measure import MeasuredRun
from tests.unit.report.builders import MS, outcomes_of

OVERHEAD = HostLatency(((0, 50_000),), ((0, 50_000),), request_cpu_ns=0)


def a_measured_run(scenario: Scenario, run: Scenario) -> MeasuredRun:
    """Return what would be measured if another scenario were the truth."""
    traffic = scenario.traffic.generate(seed=scenario.seed, duration_ns=1_000_000_000)
    sent = Requests.joined([*traffic.chunks])
    outcomes = simulate(
        run.path, [sent], seed=1, keys=traffic.keys, locations=traffic.locations
    )
    return MeasuredRun(outcomes, sent, scenario.path, 10, OVERHEAD)


def lines_of(variant: str, truth: str) -> dict[str, Line]:
    """Return how the prediction of one variant agrees with a run of another."""
    scenario = Scenario.load(shipped("flash-sale-9pm"), variant, ["replications=3"])
    measured_run = a_measured_run(scenario, scenario.with_variant(truth))
    return {line.metric: line for line in agreement(scenario, measured_run)}


@pytest.mark.parametrize("variant", ["naive", "single-flight", "per-key"])
def test_a_model_agrees_with_itself(variant: str) -> None:
    """On every line."""
    states = {line.state for line in lines_of(variant, variant).values()}

    assert states == {"agrees"}


def test_another_truth_is_noticed() -> None:
    """A worker that does not coalesce is not what was predicted."""
    lines = lines_of("per-key", "naive")

    assert lines["origin_hits"].state == "differs"
    assert lines["kv_writes"].state == "differs"
    assert lines["requests"].state == "agrees"


def test_a_count_that_is_exact_allows_no_other() -> None:
    """One call of the origin is not two."""
    line = lines_of("per-key", "per-key")["origin_hits"]

    assert replace(line, measured=1).state == "agrees"
    assert replace(line, measured=2).state == "differs"


def test_a_number_that_only_one_side_has_differs() -> None:
    """A first refusal that was predicted must come."""
    line = lines_of("naive", "naive")["latency_p50_s"]

    assert replace(line, measured=None).state == "differs"


def test_a_percentile_says_as_little_as_the_count_on_its_side() -> None:
    """Of 100 at 5 ms and 100 at 205 ms, two may be on either side of the median."""
    halves = outcomes_of(range(200), latency_ns=[5 * MS] * 100 + [205 * MS] * 100)

    assert nearby_s("latency_p50_s", halves) == (0.005, 0.205)
    assert nearby_s("latency_p90_s", halves) == (0.205, 0.205)
    assert nearby_s("latency_error_p50_s", halves) is None
    assert nearby_s("origin_hits", halves) is None


def test_a_percentile_at_a_jump_agrees_with_its_neighbours() -> None:
    """Anywhere else it must be within."""
    line = replace(lines_of("naive", "naive")["latency_p90_s"], measured=9.0)

    assert replace(line, nearby=(0.2, 9.0)).state == "agrees"
    assert replace(line, nearby=(8.9, 9.1)).state == "differs"
