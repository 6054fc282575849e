"""A change that loses requests is refused, whatever else it does."""

import pytest

from simcoalesce import Scenario
from simcoalesce.experiment.metric_values import metric_values
from simcoalesce.explain.counterfactuals.same_clients import check_same_clients
from tests.unit.explain.builders import a_scenario

USERS = "traffic.arrivals=[{{kind: users, users: {}, think: 1s}}]"


def check(incident: Scenario, changed: Scenario) -> None:
    """Measure both, and compare their clients."""
    before, after = (
        metric_values(one, seed=1, replications=2) for one in (incident, changed)
    )
    check_same_clients(incident, changed, before, after)


def test_a_change_that_loses_requests_is_refused() -> None:
    """A run that ends too soon has fewer of them."""
    with pytest.raises(AssertionError, match="must keep the requests"):
        check(a_scenario(), a_scenario("duration=100ms"))


def test_a_closed_loop_keeps_its_users() -> None:
    """Fifty are not forty; how many requests they send depends on the answers."""
    fifty = a_scenario(USERS.format(50), "duration=5s")
    check(fifty, fifty.with_overrides("origin.latency=3s"))

    with pytest.raises(AssertionError, match="users of a closed loop"):
        check(fifty, a_scenario(USERS.format(40), "duration=5s"))
