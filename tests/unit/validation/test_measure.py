"""Observe: its bounds, which hold before anything is started."""

from pathlib import Path

import pytest

from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.clients import ClientRequest
from simcoalesce.validation.measure import measure_run, while_busy
from simcoalesce.validation.target import CannotValidate
from simcoalesce.validation.targets.workerd import Workerd

NOT_STARTED = Workerd(testbed=Path("nothing"))


def a_burst(requests: int, *, within: str = "1s", isolates: int = 1) -> Scenario:
    """Return a scenario of one burst."""
    return Scenario.parse(
        f"""
traffic:
  arrivals: [{{kind: burst, requests: {requests}, within: {within}, shape: even}}]
  isolates: {isolates}
origin: {{latency: 120ms}}
path: [single_flight, origin]
"""
    )


def test_too_many_requests_are_refused() -> None:
    """The load is bounded."""
    with pytest.raises(CannotValidate, match="at most 5,000"):
        measure_run(a_burst(5_001), NOT_STARTED, scale=1)


def test_a_run_that_is_too_long_is_refused() -> None:
    """So is its time."""
    with pytest.raises(CannotValidate, match="at most 60 s: shorten it"):
        measure_run(a_burst(10, within="2min"), NOT_STARTED, scale=1)


def test_a_run_that_is_stretched_too_far_names_the_time_scale() -> None:
    """What was just short enough is too long at scale 10."""
    with pytest.raises(CannotValidate, match="a smaller --time-scale"):
        measure_run(a_burst(10, within="20s"), NOT_STARTED, scale=10)


def test_too_many_isolates_are_refused() -> None:
    """Each is one more service of the runtime."""
    with pytest.raises(CannotValidate, match=r"-s traffic\.isolates=500"):
        measure_run(a_burst(2_000, isolates=10_000), NOT_STARTED, scale=1)


def test_the_machine_is_measured_while_somebody_waits() -> None:
    """What a round trip takes between two bursts says nothing of either."""
    answered = [ClientRequest(10, 20, None), ClientRequest(50, 60, None)]

    assert while_busy(((15, 3), (30, 1), (55, 4)), answered) == ((15, 3), (55, 4))
    assert while_busy(((30, 1),), answered) == ((30, 1),)


def test_posts_are_refused_where_they_would_change_a_store() -> None:
    """Before anything is started."""
    posts = a_burst(10).traffic.arrivals[0].model_copy(update={"bypass_ratio": 1.0})
    traffic = a_burst(10).traffic.model_copy(update={"arrivals": (posts,)})
    scenario = a_burst(10).model_copy(update={"traffic": traffic})

    with pytest.raises(CannotValidate, match="leave bypass out"):
        measure_run(scenario, NOT_STARTED, scale=1)
