"""Facts of the origin: how long a fetch takes, and what it may answer."""

from collections.abc import Iterator
from typing import Any

from simcoalesce.distribution import Constant
from simcoalesce.model.layer import Layer
from simcoalesce.scenario.scenario import Scenario


def origins(scenario: Scenario) -> list[Layer]:
    """Return the end of a path; of several origins, each."""
    last: Any = scenario.path[-1]
    return [*getattr(last, "of", {"": last}).values()]


def fetch_ns(scenario: Scenario) -> float:
    """Return how long a fetch takes on average, on a good day."""
    return sum(wait.length_ns for wait in scenario.path[-1].waits_before())


def slowest_fetch_ns(scenario: Scenario) -> float:
    """Return how long a fetch takes in the slowest spell, on average."""
    usual_ns = fetch_ns(scenario)
    spells: list[float] = [
        fault.takes.expected_ns if fault.takes else usual_ns * fault.slower
        for fault in _all_of(scenario, "faults")
    ]
    return max([usual_ns, *spells])


def statuses(scenario: Scenario) -> frozenset[int]:
    """Return the errors that the origin may answer."""
    found = {fault.status for fault in _all_of(scenario, "faults")}
    if any(one.rate_limits for one in origins(scenario)):
        found.add(429)
    limits = ("queue_limit", "queue_timeout_ns")
    if any(
        getattr(one, x, None) is not None for one in origins(scenario) for x in limits
    ):
        found.add(503)
    return frozenset(status for status in found if status >= 400)


def is_unsteady(scenario: Scenario) -> bool:
    """Say whether some calls take longer than others."""
    return any(
        not isinstance(getattr(one, "latency", None), Constant)
        or bool(getattr(one, "faults", ()) or getattr(one, "latency_of", None))
        or getattr(one, "concurrency", None) is not None
        for one in origins(scenario)
    )


def _all_of(scenario: Scenario, name: str) -> Iterator[Any]:
    for one in origins(scenario):
        yield from getattr(one, name, ())
