"""What is said of a path is what its layers do."""

import pytest

from simcoalesce.discovery import members
from simcoalesce.model.layer import Layer
from simcoalesce.report.blocks.path_sentences import (
    outside,
    what_becomes_of_it,
    what_is_kept,
    who_waits,
)
from tests.unit.explain.builders import a_scenario

NOBODY = "Other misses do not wait for it."
ISOLATE = "Other misses in its isolate wait for the same answer."
OBJECT = "Other misses wait in its object for the same answer."
WAITING = [
    kind
    for kind, layer in members(Layer, "simcoalesce.model.layers").items()
    if layer.makes_wait
]

ENTRIES = {
    "limiter": "{limiter: {rate_limit: shopline, wait: 2s}}",
    "bulkhead": "{bulkhead: {limit: 3, queue_timeout: 2s}}",
}
"""Layers that make nobody wait unless they are told for how long."""


def test_misses_of_one_home_isolate_have_no_others() -> None:
    """All wait for one fetch."""
    path = "path=[kv.read, single_flight, kv.write, origin]"

    assert who_waits(a_scenario(path, "traffic.routing=sharded")) == ISOLATE


def test_misses_of_several_tiers_are_told_in_one_sentence() -> None:
    """They wait for the same answer."""
    tiers = "path=[cdn, {cdn: {scope: global}}, origin]"

    assert who_waits(a_scenario(tiers)) == (
        "Other misses at its location wait for the same answer; so do those at all"
        " locations."
    )


def test_what_the_model_has_is_not_outside_of_it() -> None:
    """Whether or not this path has it."""
    told = outside(a_scenario())

    assert "give up" not in told
    assert "come and go" not in told


def test_what_an_object_held_in_memory_is_lost() -> None:
    """A story does not say that it is there."""
    warm = "{memory: {initial: {keys: all}}}"
    alone = a_scenario(f"path=[{warm}, origin]")
    inside = a_scenario(f"path=[durable_object, {warm}, origin]")

    assert what_is_kept(alone, 1) == "The memory holds all keys."
    assert what_is_kept(inside, 1) == "The key is not in the cache."


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("[kv.read, kv.write, origin]", NOBODY),
        ("[memory, origin]", NOBODY),
        ("[{cdn: {lock: false}}, origin]", NOBODY),
        ("[retry, {timeout: {after: 1s}}, kv.read, kv.write, origin]", NOBODY),
        (
            "[kv.read, single_flight, kv.write, origin]",
            f"{ISOLATE} Misses in other isolates do not wait for it.",
        ),
        ("[kv.read, durable_object, kv.write, origin]", OBJECT),
        (
            "[kv.read, single_flight, durable_object, kv.write, origin]",
            f"{ISOLATE} {OBJECT}",
        ),
        (
            "[{durable_object: {gate: block_concurrency}}, origin]",
            "Other misses queue for its object.",
        ),
        (
            "[{lock: {poll: 200ms}}, origin]",
            "It holds the key's lock: other misses look again every 200 ms.",
        ),
        (
            "[waiting_list, origin]",
            "The key is busy: other misses wait until its answer comes.",
        ),
        (
            "[bounded_retries, origin]",
            "The key is open for writing: other misses look again, for up to 900 ms.",
        ),
        (
            "[cdn, kv.read, kv.write, origin]",
            "Other misses at its location wait for the same answer.",
        ),
        ("[{limiter: {rate_limit: shopline}}, bulkhead, origin]", NOBODY),
        (
            f"[{ENTRIES['limiter']}, origin]",
            "Other misses wait for tokens of the limiter, for up to 2,000 ms.",
        ),
        (
            "[{limiter: {rate_limit: shopline, wait: unlimited}}, origin]",
            "Other misses wait for tokens of the limiter.",
        ),
        (
            f"[{ENTRIES['bulkhead']}, origin]",
            "At most 3 calls at once: other misses wait in line, for up to 2,000 ms.",
        ),
        (
            "[{bulkhead: {limit: 1, queue_timeout: unlimited}}, origin]",
            "At most 1 call at once: other misses wait in line.",
        ),
        (
            "[kv.read, single_flight, bulkhead, kv.write, origin]",
            f"{ISOLATE} Misses in other isolates do not wait for it.",
        ),
    ],
)
def test_whoever_waits_is_told_as_the_layers_have_it(path: str, told: str) -> None:
    """Other misses wait wherever a layer makes them wait."""
    assert who_waits(a_scenario(f"path={path}")) == told


@pytest.mark.parametrize("kind", WAITING)
def test_every_layer_that_makes_requests_wait_has_its_words(kind: str) -> None:
    """A new one must not be passed over in silence."""
    entry = ENTRIES.get(kind, kind)

    assert who_waits(a_scenario(f"path=[{entry}, origin]")) != NOBODY


def test_a_single_isolate_has_no_others() -> None:
    """All requests meet in it."""
    path = "path=[kv.read, single_flight, kv.write, origin]"

    assert who_waits(a_scenario(path, "traffic.isolates=1")) == ISOLATE


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("[kv.read, kv.write, origin]", "The key is not in the cache."),
        ("[lock, origin]", "The key is not in the cache."),
        ("[memory, origin]", "The key is not in the cache."),
        ("[origin]", "No layer of the path stores an answer."),
        ("[kv.read, origin]", "No layer of the path stores an answer."),
        ("[durable_object, origin]", "No layer of the path stores an answer."),
    ],
)
def test_a_cache_is_spoken_of_where_there_is_one(path: str, told: str) -> None:
    """KV that nobody writes to keeps nothing."""
    assert what_is_kept(a_scenario(f"path={path}"), 1) == told


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("[kv.read, kv.write, origin]", "its write to KV starts"),
        ("[cdn, kv.read, kv.write, origin]", "its write to KV starts"),
        ("[lock, origin]", "the cache stores it"),
        ("[memory, origin]", "it is kept in memory"),
        ("[origin]", ""),
        ("[retry, {timeout: {after: 1s}}, kv.read, kv.write, origin]", ""),
    ],
)
def test_an_answer_is_stored_where_the_path_stores_it(path: str, told: str) -> None:
    """In KV, in a cache, in memory, or nowhere."""
    assert what_becomes_of_it(a_scenario(f"path={path}")) == told


def test_what_may_not_be_stored_is_not_said_to_be() -> None:
    """Whatever the path has."""
    scenario = a_scenario("origin.cacheable=false")

    assert what_becomes_of_it(scenario) == ""
    assert what_is_kept(scenario, 1) == "The origin's answers may not be stored."


@pytest.mark.parametrize(
    ("path", "has", "has_not"),
    [
        ("[kv.read, kv.write, origin]", "KV's regional tiers", "a cache's size"),
        ("[lock, origin]", "a cache's size", "KV"),
        ("[lock, origin]", "bandwidth", "Redis"),
        ("[redis.read, redis.write, origin]", "Redis server that is busy", "KV"),
    ],
)
def test_only_what_a_path_leaves_out_is_outside(
    path: str, has: str, has_not: str
) -> None:
    """Each layer says it of itself."""
    told = outside(a_scenario(f"path={path}"))

    assert has in told
    assert has_not not in told
