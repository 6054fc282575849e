"""What a file states, and no observation does, is listed as assumed."""

from simcoalesce import Scenario
from simcoalesce.explain.assumption import Assumption, assumptions
from simcoalesce.explain.counterfactuals.threshold import Threshold

INCIDENT = """
duration: 1m
traffic:
  arrivals: [{kind: burst, requests: 200, within: 200ms}]
  isolates: 50
kv: {read_latency: 10ms, writes_per_key: 1/s, on_refused: ignore}
origin: {latency: 60ms, rate_limit: {kind: fixed_window, limit: 60, per: 1m}}
path: [kv.read, kv.write, origin]
month: {events: 100}
"""
OBSERVED = """
observations:
  - {text: the burst, sets: ["traffic.arrivals[0].within=50ms"]}
  - {text: the origin, sets: [origin.latency=60ms]}
  - {text: a minute, sets: [duration=1m]}
"""


def keys(text: str) -> list[str]:
    """Return the keys of what is assumed."""
    return [one.key for one in assumptions(Scenario.parse(text))]


def test_nothing_is_said_of_a_scenario_that_nobody_reported() -> None:
    """All of it is assumed, and the reader knows."""
    assert keys(INCIDENT) == []


def test_what_an_observation_confirms_is_not_assumed() -> None:
    """Nor is what the file states as the documents do, such as one write a second."""
    assert keys(INCIDENT + OBSERVED) == [
        "traffic.arrivals",
        "traffic.isolates",
        "month.events",
        "kv.read_latency",
        "kv.on_refused",
        "origin.rate_limit",
    ]


def test_what_was_reported_otherwise_is_said_too() -> None:
    """The burst of the file is longer than that of the report."""
    (burst, *others) = assumptions(Scenario.parse(INCIDENT + OBSERVED))

    assert burst.value == "[{kind: burst, requests: 200, within: 200ms}]"
    assert burst.reported == "50ms"
    assert not any(one.reported for one in others)


def test_where_a_number_decides_is_said() -> None:
    """Nobody knows how many isolates there were."""
    known = Threshold(
        kind="single_flight",
        label="single flight in each isolate",
        meets="9 isolates",
        fails="11 isolates",
        strongest="1 isolate",
        origin_hits=45,
    )
    found = assumptions(Scenario.parse(INCIDENT + OBSERVED), [known])

    assert found[1] == Assumption(
        "traffic.isolates",
        "50",
        decides="single flight in each isolate: meets the goal with 9 isolates, not"
        " with 11 isolates",
    )
