"""purge: what is dropped, and what is not reached."""

from typing import Any

import pytest

from simcoalesce.model.change import Agenda
from simcoalesce.model.changes.purge import Purge
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.yaml.validation_error import InvalidScenario
from tests.builders import a_path, an_origin, at_ms, calls_ms, lookups, simulated

WRITE = {"kv.write": {"write_latency": "80ms", "writes_per_key": "unlimited"}}
KV = ("kv.read", WRITE, an_origin("120ms"))


def purged(path: tuple[Any, ...], requests: Any, **fields: Any) -> Outcomes:
    """Return the outcomes of requests, with a purge at 400 ms."""
    purge = Purge.model_validate({"at": "400ms", **fields})
    return simulated(a_path(*path), requests, agenda=Agenda((purge,)))


@pytest.mark.parametrize(
    "cache",
    [
        *("cdn", "waiting_list", "bounded_retries"),
        {"lock": {"whole_seconds": False}},
    ],
)
def test_a_cache_asks_again_after_a_purge(cache: Any) -> None:
    """Filled at 120 ms; at 399 ms a hit, at 400 ms no more."""
    fields = {"timer_lag": "0ms"} if cache == "bounded_retries" else {}
    cache = {cache: fields} if fields else cache
    outcomes = purged((cache, an_origin("120ms")), at_ms(0, 399, 400))

    assert calls_ms(outcomes) == [0, 400]


def test_kv_reads_absence_after_a_purge() -> None:
    """The put is visible at 205 ms; from 400 ms on it is gone, at both locations."""
    requests = at_ms(0, 300, 400, 700, location=[0, 0, 1, 0])

    assert lookups(purged(KV, requests)) == [0, 1, 0, 1]


def test_a_put_that_is_not_yet_visible_is_purged_too() -> None:
    """It was made at 325 ms, before the purge: the last of both wins."""
    assert lookups(purged(KV, at_ms(200, 450))) == [0, 0]


def test_an_answer_under_way_is_stored_after_the_purge() -> None:
    """It comes at 420 ms, and nothing tells the cache that it is old."""
    outcomes = purged(("cdn", an_origin("120ms")), at_ms(300, 430))

    assert lookups(outcomes) == [0, 1]


def test_only_the_named_keys_are_purged() -> None:
    """Key 1 is asked for again, key 0 is a hit."""
    requests = at_ms(0, 0, 500, 500, key=[0, 1, 0, 1])
    outcomes = purged(("cdn", an_origin()), requests, keys="key-1")

    assert lookups(outcomes) == [0, 0, 1, 0]


def test_a_purge_reaches_memory_only_by_its_name() -> None:
    """Isolates keep what they have, until a purge names them."""
    path, requests = ("memory", an_origin("120ms")), at_ms(0, 500)
    plain = purged(path, requests)
    named = purged(path, requests, stores=["memory"])

    assert (lookups(plain), lookups(named)) == ([0, 1], [0, 0])


def test_the_copy_of_a_location_outlives_a_purge() -> None:
    """A copy of a location (cache_ttl) outlives the purge of KV, as it does a put."""
    read = {"kv.read": {"cache_ttl": "1s"}}

    assert lookups(purged((read, *KV[1:]), at_ms(0, 300, 500))) == [0, 1, 1]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ("[{at: 1s, purge: {stores: [cdn]}}]", 'is named "cdn". There are: kv'),
        ("[{at: 1s, purg: {}}]", 'no kind "purg" — did you mean "purge"'),
        ("[{at: 1s}]", "write when, and what"),
        ("[{purge: {}}]", "at is missing"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(changes: str, says: str) -> None:
    """With its position and what to write instead, before anything is simulated."""
    with pytest.raises(InvalidScenario, match=r"(?s)changes\[0\].*" + says):
        Scenario.parse(
            "traffic: {arrivals: [{kind: rate, rate: 1/s}]}\n"
            f"path: [kv.read, kv.write, {{origin: {{latency: 1ms}}}}]\n"
            f"changes: {changes}\n"
        )
