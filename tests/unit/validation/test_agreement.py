"""Agreement: the predicted beside the measured."""

from dataclasses import replace
from typing import Any

import pytest

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.model.edge import simulate
from simcoalesce.request import Requests
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.shipped import shipped
from simcoalesce.validation.agreement import Line, agreement, nearby_s, summed_up
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
    assert lines["kv_writes_refused"].state == "differs"
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


def test_a_percentile_at_a_jump_says_nothing() -> None:
    """If it is not within itself, and its neighbours lie far apart."""
    line = replace(lines_of("naive", "naive")["latency_p90_s"], measured=9.0)

    at_a_jump = replace(line, nearby=(0.2, 9.0))

    assert (at_a_jump.state, at_a_jump.cause) == ("says nothing", "jump")
    assert replace(line, nearby=(0.21, 0.25)).state == "agrees"
    assert replace(line, nearby=(8.9, 9.1)).state == "differs"


def a_line(low: float, high: float, **changes: Any) -> Line:
    """Return a line of 400 of 800 requests, measured as predicted."""
    mean = Estimate(400.0, 1.0, 399.0, 401.0, 20, "1")
    return replace(
        Line("leaders", 400.0, mean, 400.0, low, high, widest=200.0, most=800.0),
        **changes,
    )


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 887.0), (290.0, 491.0), (0.0, 150.0), (700.0, 800.0)]
)
def test_a_band_that_nearly_any_run_meets_says_nothing(low: float, high: float) -> None:
    """It is wider than half of the prediction, or touches what is impossible."""
    line = a_line(low, high, measured=(low + high) / 2)

    assert line.state == "says nothing"
    assert a_line(301.0, 500.0).state == "agrees"


def test_what_lies_outside_of_a_wide_band_differs() -> None:
    """However little the band says, it is refuted."""
    assert a_line(0.0, 700.0, measured=800.0).state == "differs"


def test_a_busy_machine_says_nothing_and_is_named_as_the_cause() -> None:
    """Round trips of 20 to 400 ms in model time hide when a value is visible."""
    slow = tuple((at, (20 + at % 380) * MS) for at in range(0, 3_800, 19))
    scenario = Scenario.load(shipped("flash-sale-9pm"), "naive")
    measured = a_measured_run(scenario, scenario)
    busy = replace(measured, host_latency=HostLatency(slow, slow, 100_000))

    lines = {line.metric: line for line in agreement(scenario, busy)}

    assert lines["requests"].state == "agrees"
    assert (lines["origin_hits"].state, lines["origin_hits"].cause) == (
        *("says nothing", "machine"),
    )


def test_several_runs_decide_by_their_majority() -> None:
    """Two of three; an even split says nothing."""
    alike, unlike = a_line(392.0, 408.0), a_line(392.0, 408.0, measured=500.0)
    (line,) = summed_up([[alike], [unlike], [alike]])
    (even,) = summed_up([[alike], [unlike]])

    assert line.state == "agrees"
    assert line.measured == pytest.approx(1_300 / 3)
    assert [one["verdict"] for one in line.document()["repeats"]] == (
        ["agrees", "differs", "agrees"]
    )
    assert even.state == "says nothing"
