"""What the layers of a path do, in words: derived from the path, never assumed."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from simcoalesce.explain.kinds import HTTP_CACHES, WORKER
from simcoalesce.report.blocks.number_format import duration
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_KEEPERS: Final = HTTP_CACHES | {"memory", "kv.write"}


def _lock(layer: Any) -> str:
    looks = duration(layer.poll_ns / NS_PER_S)
    return f"It holds the key's lock: the others look again every {looks}."


def _bounded_retries(layer: Any) -> str:
    limit = duration(sum(layer.waits_ns) / NS_PER_S)
    return f"The key is open for writing: the others look again, for up to {limit}."


def _durable_object(layer: Any) -> str:
    if layer.gate == "block_concurrency":
        return "The others queue before its object."
    return "The others wait in its object for the same answer."


_WAITS: Final[Mapping[str, Callable[[Any], str]]] = {
    "lock": _lock,
    "waiting_list": lambda _: "The key is busy: the others wait until they are told.",
    "bounded_retries": _bounded_retries,
    "cdn": lambda layer: (
        "The others at its location wait for the same answer." if layer.lock else ""
    ),
    "single_flight": lambda _: "The others in its isolate wait for the same answer.",
    "durable_object": _durable_object,
}
"""What the others do while one fetches, by the layer where they meet."""


def who_waits(scenario: Scenario) -> str:
    """Return what becomes of those who ask while the first call is under way."""
    told = {
        layer.kind: _WAITS[layer.kind](layer) for layer in _shared_fetches(scenario)
    }
    sentences = list(dict.fromkeys(filter(None, told.values())))
    if not sentences:
        return "Nothing tells the others of it."
    if set(told) == {"single_flight"} and scenario.traffic.isolates > 1:
        sentences.append("Nothing tells the other isolates of it.")
    return " ".join(sentences)


def _shared_fetches(scenario: Scenario) -> Iterator[Any]:
    return (layer for layer in scenario.path if layer.makes_wait)


def what_is_kept(scenario: Scenario, keys: int) -> str:
    """Return what the caches of a path hold before the first request.

    Args:
        scenario: The incident.
        keys: How many keys are asked for.
    """
    if not scenario.path[-1].cacheable:
        return "What the origin answers may not be stored."
    if not _KEEPERS & _kinds(scenario):
        return "Nothing on the path stores an answer."
    one = "The key is not in the cache."
    return one if keys == 1 else "None of the keys is in the cache."


def what_becomes_of_it(scenario: Scenario) -> str:
    """Return what is done with an answer that somebody still waits for."""
    kinds = _kinds(scenario)
    if not scenario.path[-1].cacheable or {"timeout", "retry"} <= kinds:
        # Who waits before another attempt may have given this one up: no row says.
        return ""
    if "kv.write" in kinds:
        return "its write to KV starts"
    if HTTP_CACHES & kinds:
        return "the cache stores it"
    return "it is kept in memory" if "memory" in kinds else ""


SHOWN_BY: Final[Mapping[str, str]] = {
    "kv": "KV shows the value",
    "memory": "the value is in memory",
    **dict.fromkeys(HTTP_CACHES, "the cache has the answer"),
}
"""Why a request finds a value, by what served it."""


def outside(scenario: Scenario) -> str:
    """Return what no figure of a scenario contains (docs/model.md)."""
    return "; ".join(_outside(_kinds(scenario), scenario.path[0].kind))


def _outside(kinds: set[str], first: str) -> Iterator[str]:
    # A path without any cache may be a worker's as well as a program's.
    has_worker = bool(WORKER & kinds) or not HTTP_CACHES & kinds
    yield "bandwidth and connections"
    yield "CPU as a resource"
    if has_worker:
        yield "isolates that come and go"
    if {"kv.read", "kv.write"} & kinds:
        yield "KV's regional tiers"
    if has_worker and first != "cdn":
        yield "the platform's own cache before the worker"
    if HTTP_CACHES & kinds:
        yield "a cache's size, and what it evicts"
    if "timeout" not in kinds:
        yield "clients that give up"


def _kinds(scenario: Scenario) -> set[str]:
    return {layer.kind for layer in scenario.path}
