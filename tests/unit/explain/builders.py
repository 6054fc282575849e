"""Scenarios to be explained."""

from functools import cache
from typing import Any

from simcoalesce import Scenario
from simcoalesce.explain.explanation import Explanation, explain

NAIVE = """
traffic:
  arrivals: [{kind: burst, requests: 200, within: 200ms}]
  isolates: 50
kv: {read_latency: 5ms, read_at: end, write_latency: 40ms, writes_per_key: unlimited}
origin:
  latency: 60ms
  rate_limit: {kind: fixed_window, limit: 60, per: 1m}
path: [kv.read, kv.write, origin]
replications: 4
"""


def a_scenario(*overrides: str, more: str = "") -> Scenario:
    """Return a burst of 200 on a cold key: about 100 of them call the origin."""
    return Scenario.parse(NAIVE + more, overrides=overrides)


def written(scenario: Scenario, kind: str) -> dict[str, Any]:
    """Return the parameters of a layer as a file would say them."""
    path = scenario.document()["path"]
    return next(entry[kind] for entry in path if kind in entry)


INCIDENT = """
title: A <small> incident
observations:
  - {text: the burst, sets: ["traffic.arrivals[0].within=50ms"]}
  - {text: about half of them called, that: origin_hits >= 80 and origin_hits <= 120}
shipped: [object_per_key, client_retries]
claims:
  - {text: One object does., holds_if: errors@object_per_key == 0, note: Of course.}
"""


@cache
def an_explanation() -> Explanation:
    """Return the explanation of a small incident, with all of its parts."""
    return explain(a_scenario(more=INCIDENT), seed=1, replications=3)


BAD_DAY = "origin.faults=[{kind: window, until: 100ms, status: 503, takes: 1s}]"
BY_KEY = "{durable_object: {%s}}"
ON_ITS_PATH: dict[str, str] = {
    "lock_updating": "path=[lock, origin]",
    "longer_lock": "path=[lock, origin]",
    "hit_for_miss": "path=[{waiting_list: {hit_for_miss: 0s}}, origin]",
    "shorter_hit_for_miss": "path=[waiting_list, origin]",
    "more_read_retries": "path=[bounded_retries, origin]",
    "retry_the_read": "path=[bounded_retries, origin]",
    "collapsed_forwarding": "path=[{cdn: {lock: false}}, origin]",
    "cleanup_finally": "path=[{durable_object: {cleanup: on_success}}, origin]",
    "retry_budget": "path=[retry, kv.read, kv.write, origin]",
    "fewer_retries": "path=[{retry: {attempts: 6}}, origin]",
    "forgotten_flights": "path=[single_flight, origin]",
    "larger_object": f"path=[kv.read, {BY_KEY % 'capacity: 500/s'}, kv.write, origin]",
    "lock_in_redis": "path=[redis.read, redis.write, origin]",
    "longer_timeout": "path=[{timeout: {after: 1s}}, kv.read, kv.write, origin]",
    "sharded_object": f"path=[kv.read, {BY_KEY % 'id_from: global'}, origin]",
    "shared_tier": "path=[cdn, origin]",
    "unbound_leader": (
        "path=[{timeout: {after: 1s, cancels: true}}, {single_flight: {leader_bound:"
        " true}}, origin]"
    ),
}
"""Remedies that are settings of a layer which the small incident does not have."""
ON_ITS_DAY: dict[str, str] = {
    "circuit_breaker": BAD_DAY,
    "cacheable_answers": "origin.cacheable=false",
    "fetch_timeout": BAD_DAY,
    "hedged_fetch": BAD_DAY,
    "ignore_refused_puts": "kv.writes_per_key=1/s",
    "load_shedding": "origin.concurrency=10",
    "more_concurrency": "origin.concurrency=10",
    "larger_store": "path=[{memory: {max_entries: 2}}, origin]",
    "negative_caching": "origin.faults=[{kind: first, calls: 3, status: 404}]",
    "no_negative_caching": "kv.negative_ttl=60s",
    "shared_tier": "traffic.locations={icn: 1, nrt: 1}",
}
"""Remedies of what the small incident does not do."""


def an_incident_for(kind: str) -> Scenario:
    """Return the small incident, with a path and keys that a remedy can change."""
    two_keys = "traffic.keys={kind: weighted, weights: {a: 1, b: 1}}"
    more = (known.get(kind, "seed=1") for known in (ON_ITS_PATH, ON_ITS_DAY))
    return a_scenario(two_keys, *more)
