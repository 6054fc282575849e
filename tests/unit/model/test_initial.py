"""Initial contents: what stores hold when the run begins."""

from typing import Any

import numpy as np
import pytest

from simcoalesce.model.change import Agenda
from simcoalesce.outcomes import Lookup
from tests.builders import S, a_path, an_origin, at_ms, even, lookups, simulated

TTL = {"ttl": "60s"}
STORES: list[tuple[Any, ...]] = [
    ("kv.read", "kv.write"),
    ("memory",),
    ("cdn",),
    ("lock",),
    ("waiting_list",),
    ("bounded_retries",),
]


def warm(path: tuple[Any, ...], **initial: Any) -> list[Any]:
    """Return a path whose last store holds something at the start."""
    *before, store = path
    return a_path(*before, {store: {**TTL, "initial": initial}}, an_origin())


@pytest.mark.parametrize("path", STORES, ids=" ".join)
def test_a_warm_store_answers_the_first_request(path: tuple[Any, ...]) -> None:
    """It holds all keys, at each location; the first version of the content."""
    outcomes = simulated(warm(path), at_ms(0, 0, key=[0, 1], location=[0, 1]))

    assert lookups(outcomes) == [Lookup.HIT, Lookup.HIT]


@pytest.mark.parametrize("path", STORES, ids=" ".join)
def test_what_it_does_not_hold_is_a_miss(path: tuple[Any, ...]) -> None:
    """Only the first of the keys is there."""
    path_of_one = warm(path, keys="top 1")

    assert lookups(simulated(path_of_one, at_ms(0, 0, key=[0, 1]))) == [1, 0]


@pytest.mark.parametrize("path", STORES[:3], ids=" ".join)
def test_what_it_holds_has_an_age(path: tuple[Any, ...]) -> None:
    """58 s of a ttl of 60 s are over: fresh at 1.9 s, gone at 2 s."""
    outcomes = simulated(warm(path, age="58s"), at_ms(1_900, 2_000))
    seen = outcomes.request_rows

    assert seen.lookup.tolist() == [1, 0]
    assert seen.age_ns[0] // S == 59


def test_ages_are_uniform_within_the_ttl() -> None:
    """Of 4,000 keys, each asked for at 30 s, half have expired: 2,000 within 130."""
    requests = at_ms(*np.full(4_000, 30_000), key=list(range(4_000)))
    outcomes = simulated(warm(("cdn",), age="uniform"), requests)

    assert abs(sum(lookups(outcomes)) - 2_000) < 130


def test_objects_begin_without_memory() -> None:
    """An object loses its memory after ten seconds; isolates are there all the time."""
    memory: dict[str, Any] = {"memory": {"initial": {}}}
    path = a_path("durable_object", memory, an_origin())

    assert lookups(simulated(path, at_ms(0))) == [0]


def test_a_small_store_holds_the_first_of_the_keys() -> None:
    """Two fit: the first two, which are asked for most."""
    path = a_path({"cdn": {"initial": {}, "max_entries": 2}}, an_origin())

    assert lookups(simulated(path, at_ms(0, 0, 0, key=[0, 1, 2]))) == [1, 1, 0]


def test_what_was_held_may_stand_in_for_an_error() -> None:
    """Expired at the start, and served stale while it is renewed."""
    cdn = {"cdn": {**TTL, "initial": {"age": "61s"}, "stale_while_revalidate": "5s"}}
    outcomes = simulated(a_path(cdn, an_origin()), even(2, S))

    assert lookups(outcomes) == [Lookup.STALE, Lookup.HIT]


def test_new_names_of_keys_are_not_held() -> None:
    """Before the run there was only the first of the two keys."""
    path = a_path({"cdn": {"initial": {}}}, an_origin())
    agenda = Agenda(keys_at_start=1)

    assert lookups(simulated(path, at_ms(0, 0, key=[0, 1]), agenda=agenda)) == [1, 0]
