"""The life of a request agrees with its row."""

import pytest

from simcoalesce.explain.timeline.request_trace import request_trace
from simcoalesce.outcomes import Lookup, Role
from tests.unit.explain.builders import a_scenario


def test_the_slowest_is_waited_for_by_none_longer() -> None:
    """And it is a miss that asked the origin."""
    found = request_trace(a_scenario(), "slowest", seed=1)

    assert found.waited_longer == 0
    assert found.lookup == Lookup.MISS
    assert [call.status for call in found.calls] == [200]


def test_the_first_refused_has_a_429() -> None:
    """And found the whole limit under way or used."""
    found = request_trace(a_scenario(), "first-429", seed=1)

    assert found.status == 429
    assert found.earlier_misses == 60


def test_a_follower_makes_no_call() -> None:
    """It waits for another's."""
    scenario = a_scenario("path=[kv.read, durable_object, kv.write, origin]")
    found = request_trace(scenario, "1", seed=1)

    assert found.role == Role.FOLLOWER
    assert found.calls == ()


def test_the_first_cache_hit_comes_after_all_misses_of_its_window() -> None:
    """They are counted."""
    found = request_trace(a_scenario(), "first-hit", seed=1)

    assert found.earlier_misses == found.request


@pytest.mark.parametrize("which", ["nobody", "-1", "200", "1e3"])
def test_an_unknown_request_is_refused(which: str) -> None:
    """With what there is."""
    with pytest.raises(ValueError, match=r"numbered from 0 to 199|write its number"):
        request_trace(a_scenario(), which, seed=1)
