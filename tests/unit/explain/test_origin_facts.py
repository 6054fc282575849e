"""What an origin may do follows from what its scenario says."""

import pytest

from simcoalesce.explain.origin_facts import (
    fetch_ns,
    is_unsteady,
    slowest_fetch_ns,
    statuses,
)
from simcoalesce.units import NS_PER_S
from tests.unit.explain.builders import a_scenario

TWO = "path=[{origins: {of: {eu: {latency: 1s}, us: {latency: 3s, faults: [%s]}}}}]"


@pytest.mark.parametrize(
    ("origin", "answered"),
    [
        ("origin.rate_limit=unlimited", set()),
        ("seed=1", {429}),
        ("path=[{origin: {concurrency: 2, queue_limit: 1}}]", {429, 503}),
        (TWO % "{kind: always, status: 404}", {404}),
        (TWO % "{kind: always, slower: 2}", set()),
    ],
)
def test_errors_come_of_limits_queues_and_faults(
    origin: str, answered: set[int]
) -> None:
    """Of each origin, if there are several."""
    assert statuses(a_scenario(origin)) == answered


@pytest.mark.parametrize(
    ("fault", "slowest_s"),
    [
        ("{kind: always, slower: 4}", 0.24),
        ("{kind: always, takes: 30s}", 30),
        ("{kind: always, slower: 0.5}", 0.06),
    ],
)
def test_the_slowest_fetch_is_that_of_the_worst_spell(
    fault: str, slowest_s: float
) -> None:
    """A fault that makes it faster is no spell."""
    scenario = a_scenario(f"origin.faults=[{fault}]")

    assert fetch_ns(scenario) == pytest.approx(0.06 * NS_PER_S)
    assert slowest_fetch_ns(scenario) == pytest.approx(slowest_s * NS_PER_S)


@pytest.mark.parametrize(
    ("origin", "varies"),
    [
        ("seed=1", False),
        ("origin.latency={uniform: [1ms, 2ms]}", True),
        ("origin.concurrency=3", True),
        (TWO % "{kind: always}", True),
    ],
)
def test_an_origin_is_unsteady_where_calls_differ(origin: str, *, varies: bool) -> None:
    """By chance, in a queue, or on a bad day."""
    assert is_unsteady(a_scenario(origin)) == varies
