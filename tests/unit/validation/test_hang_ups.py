"""Hang-ups: the clients that leave in the model leave in the testbed too."""

import numpy as np

from simcoalesce.validation.hang_ups import behind_clients, hang_ups
from tests.builders import a_path, an_origin, at_ms, even, simulated
from tests.builders import latencies_ms as waited_ms
from tests.unit.validation.builders import MS, a_cache_scenario, found_contexts


def test_a_target_runs_what_stands_behind_the_clients() -> None:
    """Those further back are no clients of its own."""
    path = tuple(a_path({"abandon": {"after": "1s"}}, "lock", an_origin()))

    assert behind_clients(path) == path[1:]
    assert behind_clients(path[1:]) == path[1:]


def test_each_client_leaves_after_its_own_time() -> None:
    """The shorter one, where two say it; never, where none does."""
    first = "abandon: {after: 50ms, requests: [1, 3]}"
    second = "abandon: {after: 20ms, requests: [3]}"
    scenario = a_cache_scenario("lock: {}", first, second)
    contexts = found_contexts(scenario)

    told = hang_ups(scenario.path, contexts, at_ms(0, 0, 0))

    assert told == [50 * MS, None, 20 * MS]


def test_those_who_leave_are_those_of_the_model() -> None:
    """By the same draws, of who and of when."""
    leaving = "abandon: {after: {uniform: [1ms, 50ms]}, share: 50%}"
    scenario = a_cache_scenario("cdn: {lock: false}", leaving)
    requests = even(40, 0)

    told = hang_ups(scenario.path, found_contexts(scenario), requests)
    waits_ms = waited_ms(simulated(scenario.path, requests, seed=1))

    assert [100 if one is None else one / MS for one in told] == waits_ms
    assert 0 < np.count_nonzero(np.array(waits_ms) == 100) < 40
