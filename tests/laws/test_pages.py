"""Pages in runs: the same numbers with rows, without, and on both engines."""

from importlib.util import find_spec

import pytest

from simcoalesce import Scenario, replicate, run
from simcoalesce.experiment.single_run import run_tally
from simcoalesce.metrics import measure
from simcoalesce.report.terminal.summary import summary

TEXT = """\
duration: 2s
traffic:
  arrivals:
    - {kind: rate, rate: 300/s, page: {product: 1, stock: 1, price: 3}}
    - {kind: rate, rate: 100/s}
  keys: {kind: zipf, s: 1, n: 5}
kv: {ttl: 500ms, on_refused: ignore}
origin: {latency: {exponential: 20ms}, faults: [{kind: random, probability: 5%}]}
path: [kv.read, kv.write, origin]
"""
SEQUENTIAL = "traffic.arrivals[0].loads=sequential"
USERS = "traffic.arrivals[1]={kind: users, users: 9, think: 1ms, page: {a: 2}}"


@pytest.mark.parametrize("overrides", [(), (SEQUENTIAL,), (USERS,)])
def test_pages_are_counted_the_same_with_rows_and_without(
    overrides: tuple[str, ...],
) -> None:
    """Streamed, and from the tables."""
    scenario = Scenario.parse(TEXT, overrides=overrides)
    measured = measure(run_tally(scenario, seed=3))

    assert measured == measure(run(scenario, seed=3))
    assert (measured["pages"] or 0) > 500


@pytest.mark.skipif(find_spec("llvmlite") is None, reason="needs llvmlite")
def test_pages_that_load_at_once_are_the_same_on_both_engines() -> None:
    """Their requests are known before the run."""
    simpy, compiled = (
        measure(run_tally(Scenario.parse(TEXT, overrides=[f"engine={engine}"])))
        for engine in ("simpy", "compiled")
    )

    assert simpy == compiled
    assert (simpy["pages_failed"] or 0) > 0


def test_a_page_takes_as_long_as_all_its_requests() -> None:
    """Five of 100 ms each: at once 100 ms, one after the other 500 ms."""
    plain = ["path=[origin]", "origin={latency: 100ms}"]
    at_once, in_turn = (
        measure(run(Scenario.parse(TEXT, overrides=[*plain, *more])))
        for more in ([], [SEQUENTIAL])
    )

    assert at_once["page_latency_p99_s"] == 0.1
    assert in_turn["page_latency_p99_s"] == 0.5
    assert at_once["latency_p99_s"] == in_turn["latency_p99_s"] == 0.1


@pytest.mark.parametrize("overrides", [(), (SEQUENTIAL,)])
def test_pages_are_counted_behind_a_warm_up(overrides: tuple[str, ...]) -> None:
    """Of those that it cuts, none: a run and its counts agree on the others."""
    measure_from = "measure={from: 1s}"
    scenario = Scenario.parse(TEXT, overrides=[*overrides, measure_from])
    measured = measure(run_tally(scenario, seed=3))

    assert measured == measure(run(scenario, seed=3))
    assert 200 < (measured["pages"] or 0) < 400


def test_the_summary_tells_of_pages() -> None:
    """How many, how long, and how many had an error."""
    result = replicate(Scenario.parse(TEXT), replications=1)

    (line,) = (one for one in summary(result).splitlines() if "pages" in one)
    assert "p50 105 ms, p99 207 ms" in line
    assert "with an error" in line
