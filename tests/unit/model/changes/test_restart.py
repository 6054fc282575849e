"""restart: what is gone, and what goes on."""

from typing import Any

import pytest

from simcoalesce import Scenario, run
from simcoalesce.model.change import Agenda
from simcoalesce.model.changes.restart import Restart
from simcoalesce.outcomes import Outcomes
from simcoalesce.yaml.validation_error import InvalidScenario
from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    latencies_ms,
    simulated,
    some_isolates,
    statuses,
)

OBJECT = ("durable_object", "memory", an_origin("10ms"))


def restarted(path: tuple[Any, ...], requests: Any, **fields: Any) -> Outcomes:
    """Return the outcomes of requests, with a restart at 50 ms; a start takes 5 ms."""
    restart = Restart.model_validate({"at": "50ms", **fields})
    warm = some_isolates(2, cold_start="5ms", starts_warm=True)
    return simulated(a_path(*path), requests, agenda=Agenda((restart,)), isolates=warm)


def test_memory_is_gone_and_a_new_isolate_starts_cold() -> None:
    """Kept from 10 ms on; at 50 ms it is gone, and the call is made at 55 ms."""
    outcomes = restarted(("memory", an_origin("10ms")), at_ms(0, 49, 50))

    assert calls_ms(outcomes) == [0, 55]
    assert latencies_ms(outcomes) == [10, 0, 15]
    assert outcomes.usage["cold_starts"] == 1


def test_requests_under_way_finish_where_they_are() -> None:
    """The flight of 0 ms lands at 100 ms; who comes at 60 ms does not join it."""
    path = ("single_flight", an_origin("100ms"))

    outcomes = restarted(path, at_ms(0, 40, 60))

    assert calls_ms(outcomes) == [0, 65]
    assert latencies_ms(outcomes) == [100, 60, 105]


def test_what_finishes_in_an_old_isolate_is_kept_by_no_new_one() -> None:
    """The answer of 100 ms is kept where nobody comes any more."""
    outcomes = restarted(("memory", an_origin("100ms")), at_ms(0, 120))

    assert calls_ms(outcomes) == [0, 125]


def test_a_server_that_nobody_had_met_starts_cold_too() -> None:
    """It ran an isolate from the start, which was restarted with the others."""
    outcomes = restarted((an_origin("10ms"),), at_ms(0, 60, isolate=[0, 1]))

    assert latencies_ms(outcomes) == [10, 15]


def test_a_deployment_takes_poisoned_entries_with_it() -> None:
    """The failure of 10 ms answers until 50 ms."""
    path = (
        {"single_flight": {"cleanup": "never"}},
        an_origin("10ms", faults=[{"kind": "first", "calls": 1}]),
    )

    assert statuses(restarted(path, at_ms(0, 49, 50))) == [500, 500, 200]


@pytest.mark.parametrize(("objects", "calls"), [(True, [0, 65]), (False, [0])])
def test_objects_lose_their_memory_unless_they_are_left_out(
    objects: bool,  # noqa: FBT001 - a parameter of the change
    calls: list[float],
) -> None:
    """Kept from 10 ms on; at 60 ms a new isolate asks the object at 65 ms."""
    outcomes = restarted(OBJECT, at_ms(0, 40, 60), objects=objects)

    assert calls_ms(outcomes) == calls


def test_an_object_that_is_fetching_goes_on_for_those_who_wait() -> None:
    """The flight of 0 ms lands at 100 ms; who asks at 65 ms makes another one."""
    outcomes = restarted(("durable_object", an_origin("100ms")), at_ms(0, 60))

    assert calls_ms(outcomes) == [0, 65]
    assert latencies_ms(outcomes) == [100, 105]


SALE = """
traffic: {arrivals: [{kind: even, requests: 100, every_request: 1ms}]}
origin: {latency: 10ms}
path: [memory, origin]
changes: [{at: 50ms, restart: {}}]
"""


def test_a_scenario_says_it_in_its_changes() -> None:
    """Its isolates are warm at the start, and start in no time if nothing is said."""
    outcomes = run(Scenario.parse(SALE), seed=1)

    assert calls_ms(outcomes)[0] == 0
    assert (outcomes.origin_rows.called_at_ns >= 50 * 10**6).any()
    assert outcomes.usage["cold_starts"] == 1


def test_a_deployment_is_told_in_the_timeline() -> None:
    """With or without objects."""
    both = Restart.model_validate({"at": "1s"})
    one = Restart.model_validate({"at": "1s", "objects": False})

    assert "isolates and objects begin anew" in both.says
    assert "A deployment: isolates begin anew" in one.says


def test_a_path_without_a_worker_is_not_deployed() -> None:
    """A cache is purged."""
    with pytest.raises(InvalidScenario, match="runs no worker"):
        Scenario.parse(SALE.replace("[memory, origin]", "[cdn, origin]"))
