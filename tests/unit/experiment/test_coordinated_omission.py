"""Coordinated omission: a closed loop says what it did not send."""

import pytest

from simcoalesce import Scenario, replicate, run
from simcoalesce.experiment.compare import comparisons
from simcoalesce.experiment.coordinated_omission import steady_requests
from simcoalesce.experiment.single_run import run_tally
from simcoalesce.experiment.traffic_cache import TrafficCache
from simcoalesce.metrics import measure

TEXT = """\
duration: 1s
traffic:
  arrivals: [{kind: users, users: 4, think: 90ms, routing: by_user}]
  locations: {icn: 1, nrt: 1}
origin: {latency: 10ms}
path: [origin]
expect: ["errors[location=icn] == 0"]
"""
SLOW = "origin.faults=[{kind: window, from: 400ms, until: 405ms, takes: 500ms}]"


def a_loop(*overrides: str) -> Scenario:
    """Return a scenario with four users, each a request every 100 ms."""
    return Scenario.parse(TEXT, overrides=overrides)


def test_a_stall_is_said_with_what_it_kept_from_being_sent() -> None:
    """All wait from 400 to 900 ms: six requests each, of ten."""
    (said,) = replicate(a_loop(SLOW), replications=1).warnings

    assert "sent 24 requests; they send 40 if every answer takes the median" in said
    assert "10ms (seed 1)" in said


def test_the_slowest_latencies_are_corrected_for_what_was_not_sent() -> None:
    """In 20 s, four users send 784 requests; during the stall they omit 16.

    Of the 800, four take 500, four 400 and four 300 ms; eight are above the 99 %.
    """
    long = a_loop(SLOW, "duration=20s")
    *_, said = replicate(long, replications=1).warnings

    assert said.startswith("latency_all_p99_s of 10 ms is 300 ms")
    assert "every 100ms" in said


def test_what_is_not_measured_is_not_said_either() -> None:
    """From 400 ms on: two requests each, where six come at a steady pace."""
    *_, said = replicate(a_loop(SLOW, "measure={from: 400ms}"), replications=1).warnings

    assert "sent 8 requests; they send 24 if every answer" in said


def test_an_open_loop_omits_nothing() -> None:
    """Whoever comes, comes; there is nothing to say."""
    rate = "traffic.arrivals=[{kind: even, rate: 40/s}]"

    assert not replicate(a_loop(SLOW, rate), replications=1).warnings


def test_too_many_requests_are_not_made_twice() -> None:
    """A note is not worth minutes."""
    many = a_loop("traffic.arrivals[0].users=1M", "duration=10s")

    assert steady_requests(many, seed=1, latency_ns=0) is None


def test_the_counts_of_a_closed_loop_are_those_of_its_rows() -> None:
    """With rows or without, and of a part of the requests."""
    scenario = a_loop(SLOW, "traffic.arrivals[0].think={exponential: 20ms}")
    tally = run_tally(scenario, seed=3)

    assert measure(tally) == measure(run(scenario, seed=3))
    assert tally.selected["errors[location=icn]"][0] > 0


def test_the_first_rows_are_those_of_the_whole_run() -> None:
    """A run that keeps few rows has the metrics of all, and says so."""
    result = replicate(a_loop(), replications=1, rows=7)

    assert len(result.outcomes.request_rows.request) == 7
    assert result.estimates["requests"].mean == 40


def test_clients_are_made_anew_for_every_run() -> None:
    """Whoever has sent all its requests sends none a second time."""
    cache = TrafficCache()
    sent = [
        run_tally(a_loop(), seed=1, traffic=cache.of(a_loop(), 1))[0] for _ in range(2)
    ]

    assert sent == [40, 40]


def test_requests_of_a_closed_loop_are_not_known_before_its_run() -> None:
    """Who asks for them is told why."""
    made = a_loop().traffic.generate(seed=1, duration_ns=10**9)

    with pytest.raises(ValueError, match="wait for answers"):
        next(made.chunks)


def test_the_compiled_engine_refuses_a_closed_loop() -> None:
    """It takes requests that were made before."""
    with pytest.raises(ValueError, match="closed loop"):
        run(a_loop("engine=compiled"))


def test_variants_of_a_closed_loop_are_pairs() -> None:
    """They have the same users, and send a different number of requests."""
    scenarios = a_loop(), a_loop("origin.latency=110ms")
    (compared,) = comparisons(scenarios, replications=2, metrics=["requests"])
    (requests,) = compared.differences

    assert compared.is_paired
    assert (requests.base.mean, requests.other.mean) == (40, 20)
