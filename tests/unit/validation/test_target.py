"""Targets: the real things that a scenario can be run on."""

from pathlib import Path

import pytest

from simcoalesce.discovery import files
from simcoalesce.validation.target import CannotValidate, check_scenario, targets
from tests.unit.validation.builders import a_cache_scenario


def test_every_file_is_a_target_that_the_command_line_offers() -> None:
    """Its name is what one writes after --against."""
    assert [*targets()] == files("simcoalesce.validation.targets")


@pytest.mark.parametrize("kind", ["nginx", "squid", "trafficserver", "varnish"])
def test_a_cache_is_not_in_the_testbed(kind: str) -> None:
    """An option that changes nothing is an error."""
    with pytest.raises(CannotValidate, match=f"--testbed: {kind} is not in it"):
        targets()[kind].at(Path())


@pytest.mark.parametrize("kind", [*targets()])
def test_no_target_has_isolates_that_come_and_go(kind: str) -> None:
    """The runtime of a testbed keeps them, and a cache has none."""
    scenario = a_cache_scenario("lock: {poll: 500ms}")
    cold = scenario.with_overrides("worker.cold_start=5ms")

    with pytest.raises(CannotValidate, match="leave out cold_start"):
        check_scenario(targets()[kind], cold, 1)


def test_all_that_a_target_cannot_do_is_said_at_once() -> None:
    """Nobody has to repair a scenario line by line."""
    scenario = a_cache_scenario("lock: {poll: 200ms, whole_seconds: false}")

    with pytest.raises(CannotValidate) as refused:
        check_scenario(targets()["nginx"], scenario, 10)

    said = str(refused.value)
    assert "lock.poll" in said
    assert "lock.whole_seconds" in said
    assert "--time-scale" in said


def test_nobody_can_wait_for_answers_in_the_testbed() -> None:
    """It sends at instants that are known before the run."""
    users = "[{kind: users, users: 3, think: 1s}]"
    scenario = a_cache_scenario("lock: {}").with_overrides(f"traffic.arrivals={users}")

    with pytest.raises(CannotValidate, match="nobody can wait for an answer"):
        check_scenario(targets()["nginx"], scenario, 1)
