"""Times beyond the horizon are refused, whichever engine would count them."""

from importlib.util import find_spec

import pytest

from simcoalesce import Scenario, run

QUEUE = """
version: 1
duration: 10s
traffic: {arrivals: [{kind: burst, requests: 5, within: 1s}]}
origin: {latency: 36000d, concurrency: 1}
path: [origin]
"""
WORDS = r"an instant of the run is beyond the horizon of 146 years \(2\^62 ns\)"


@pytest.mark.parametrize("engine", ["auto", "simpy", "compiled"])
def test_a_queue_that_lasts_longer_than_the_horizon_is_refused(engine: str) -> None:
    """Five calls of 98.6 years, one after the other: the second ends too late."""
    if engine == "compiled" and find_spec("llvmlite") is None:
        pytest.skip("the compiled engine needs llvmlite")
    scenario = Scenario.parse(QUEUE, overrides=(f"engine={engine}",))

    with pytest.raises(ValueError, match=WORDS):
        run(scenario)


def test_a_queue_that_ends_before_the_horizon_is_simulated() -> None:
    """Five calls of 27 years and 145 days: the last ends after 137 years."""
    scenario = Scenario.parse(QUEUE, overrides=("origin.latency=10000d",))

    last_ns = int(run(scenario, engine="simpy").request_rows.completed_at_ns.max())

    assert last_ns // (86_400 * 10**9) == 50_000
