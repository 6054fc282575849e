"""Every remedy changes a scenario, says what it changed, or says why it cannot."""

import re
from typing import get_args

import pytest
from typing_extensions import override

from simcoalesce import Scenario
from simcoalesce.experiment.metric_values import metric_values
from simcoalesce.explain.counterfactuals.remedy import (
    Effort,
    Remedy,
    remedied,
    remedies,
)
from simcoalesce.explain.scenario_edit import DoesNotApply, NoSuchLayer, ScenarioEdit
from tests.unit.explain.builders import (
    ON_ITS_PATH,
    a_scenario,
    an_incident_for,
    written,
)

CHANGES = (
    ("background_write", "kv.write acknowledge await → background", ""),
    ("cacheable_answers", "origin cacheable false → true", ""),
    ("circuit_breaker", "open for 10s after 5 failures in a row", "circuit_breaker"),
    ("cleanup_finally", "durable_object cleanup on_success → finally", ""),
    ("collapsed_forwarding", "cdn lock false → true", ""),
    ("error_caching", "kv.write error ttl 429 none → 1s", ""),
    ("faster_kv_writes", "kv.write write latency 40ms → 10ms", ""),
    ("faster_origin", "origin latency 60ms → 30ms", ""),
    ("fetch_timeout", "a fetch is given up after 1s", "timeout"),
    ("fewer_retries", "retry attempts 6 → 3", ""),
    ("forgotten_flights", "single_flight forget after unlimited → 1s", ""),
    ("higher_limit", "limit 60, per 60s → limit 240, per 60s", ""),
    ("hit_for_miss", "waiting_list hit for miss 0ms → 2m", ""),
    ("ignore_refused_puts", "kv.write on refused fail → ignore", ""),
    ("jittered_ttl", "kv.write ttl jitter 0% → 20%", ""),
    ("larger_store", "memory max entries 2 → 20", ""),
    ("larger_object", "durable_object capacity 500/s → 2000/s", ""),
    ("load_shedding", "calls beyond 20 under way are refused", "load_shed"),
    ("lock_in_redis", "one of all fetches a key, by SET NX", "distributed_lock"),
    ("lock_updating", "lock stale none → updating", ""),
    ("longer_lock", "lock timeout 5s → 60s and lock age 5s → 60s", ""),
    ("longer_timeout", "timeout after 1s → 3s", ""),
    ("longer_ttl", "kv.write ttl 60s → 10m", ""),
    ("memory_in_isolate", "a value stays in an isolate for 10s", "memory"),
    ("more_concurrency", "origin concurrency 10 → 40", ""),
    ("more_read_retries", "bounded_retries retries 10 → 100", ""),
    ("negative_caching", "kv.write error ttl 404 none → 30s", ""),
    ("no_negative_caching", "kv.read negative ttl 60s → 0ms", ""),
    ("refresh_ahead", "kv.read refresh ahead none → fraction 80%", ""),
    ("retry_budget", "retry budget none → 10%", ""),
    ("retry_the_read", "bounded_retries on busy origin → retry", ""),
    ("sharded_object", "durable_object id from global → shards 10", ""),
    ("shared_tier", "one cdn for all locations, 20ms away", "cdn"),
    ("shorter_hit_for_miss", "waiting_list hit for miss 2m → 1s", ""),
    ("stale_if_error", "kv.read stale if error 0ms → 60m", ""),
    ("stale_while_revalidate", "kv.read stale while revalidate 0ms → 60s", ""),
    ("timed_refresh", "every key is fetched anew every 48s", "refresh_timer"),
    ("unbound_leader", "single_flight leader bound true → false", ""),
    ("waiting_room", "calls wait for up to 30s", "limiter kv.read"),
    ("warm_up", "kv.write initial none → keys all, age 0ms", ""),
    ("xfetch", "kv.read xfetch none → beta 1.0", ""),
)
"""What remedies change in their incidents, and which layers they add."""
CARRIERS = (
    ("stale_while_revalidate", "[waiting_list, origin]", "grace 10s → 2m"),
    ("stale_while_revalidate", "[lock, origin]", "stale none → background"),
    ("stale_while_revalidate", "[workers_cache, origin]", "revalidate 0ms → 2h"),
    ("stale_while_revalidate", "[lease, origin]", "stale ttl 0ms → 60s"),
    (
        "stale_while_revalidate",
        "[redis.read, redis.write, origin]",
        "redis.write soft ttl none → 60s and redis.write ttl 60s → 2m",
    ),
    ("stale_if_error", "[redis.read, origin]", "stale if error 0ms → 60m"),
    ("stale_if_error", "[lock, origin]", "stale if error 0ms → 60m"),
    ("stale_if_error", "[waiting_list, origin]", "stale if error 0ms → 60m"),
    ("stale_if_error", "[cdn, {cdn: {scope: global}}, origin]", " and cdn.global "),
    ("jittered_ttl", "[redis.read, redis.write, origin]", "ttl jitter 0% → 20%"),
    ("jittered_ttl", "[lease, origin]", "ttl jitter 0% → 20%"),
    ("jittered_ttl", "[memory, origin]", "memory ttl jitter 0% → 20%"),
    ("jittered_ttl", "[cdn, origin]", "max age none → uniform 48s, 72s"),
    ("refresh_ahead", "[redis.read, redis.write, origin]", "soft ttl none → 48s"),
    ("xfetch", "[redis.read, redis.write, origin]", "redis.read xfetch none"),
    ("longer_lock", "[lease, origin]", "wait 5s → 60s and lease lease ttl 10s → 60s"),
    ("longer_lock", "[redis.read, distributed_lock, origin]", "lock ttl 2s → 60s"),
    ("longer_ttl", "[memory, lock, origin]", "memory ttl 60s → 10m and lock ttl 60s"),
    ("warm_up", "[cdn, origin]", "cdn initial none → keys all, age 0ms"),
    ("cleanup_finally", "[{single_flight: {cleanup: never}}, origin]", "→ finally"),
    ("collapsed_forwarding", "[{lock: {locks: false}}, origin]", "locks false → true"),
    ("unbound_leader", "[{abandon: {after: 1s}}, lock, origin]", "abort false → true"),
    ("retry_budget", "[{hedge: {after: 9ms}}, origin]", "hedge budget none → 10%"),
    ("background_write", "[redis.read, redis.write, origin]", "await → background"),
    ("negative_caching", "[cdn, origin]", "cdn error ttl 404 none → 30s"),
)
"""Other layers by which a remedy acts, and what it says of them."""
OF_KV = ("faster_kv_writes", "instant_kv_writes", "stale_while_revalidate")


@pytest.mark.parametrize("kind", remedies())
def test_every_remedy_can_be_made(kind: str) -> None:
    """On a path that lacks it, with keys that expire together."""
    scenario = an_incident_for(kind)

    changed, (text,) = remedied(scenario, remedies()[kind])

    assert changed.sha256 != scenario.sha256
    assert text


@pytest.mark.parametrize("kind", remedies())
def test_every_remedy_leaves_the_seeds_alone(kind: str) -> None:
    """Pairs need the same random streams."""
    scenario = an_incident_for(kind)

    assert remedied(scenario, remedies()[kind])[0].seed == scenario.seed


@pytest.mark.parametrize(
    "kind", [kind for kind in remedies() if kind != "single_flight"]
)
def test_only_the_spread_changes_the_traffic(kind: str) -> None:
    """All other remedies keep the same requests."""
    scenario = an_incident_for(kind)
    changed, _ = remedied(scenario, remedies()[kind])

    assert (changed.traffic == scenario.traffic) == (kind != "spread_arrivals")


@pytest.mark.parametrize(
    ("kind", "override", "reason"),
    [
        ("jittered_ttl", "seed=1", "there is one key"),
        ("higher_limit", "origin.rate_limit=unlimited", "no rate limit"),
        (
            "single_flight",
            "path=[single_flight, origin]",
            "has a single flight already",
        ),
        ("faster_kv_writes", "path=[kv.read, origin]", "no kv.write"),
        ("spread_arrivals", "traffic.arrivals[0].within=0ms", "no phase"),
        ("client_retries", "path=[retry, origin]", "has a retry already"),
        ("object_per_key", "path=[lock, origin]", "no worker to run it"),
        ("single_flight", "path=[cdn, origin]", "no worker to run it"),
        ("cleanup_finally", "path=[single_flight, origin]", "in a finally already"),
        ("cleanup_finally", "seed=1", "no map of fetches in flight"),
        ("lock_updating", "path=[{lock: {stale: updating}}, origin]", "already"),
        (
            "longer_lock",
            "path=[{lock: {timeout: 2m, age: 2m}}, origin]",
            "waited for, that long already",
        ),
        ("hit_for_miss", "path=[waiting_list, origin]", "marked already"),
        (
            "shorter_hit_for_miss",
            "path=[{waiting_list: {hit_for_miss: 1s}}, origin]",
            "no mark lasts longer",
        ),
        (
            "more_read_retries",
            "path=[{bounded_retries: {retries: 100}}, origin]",
            "retry that often already",
        ),
        (
            "retry_the_read",
            "path=[{bounded_retries: {on_busy: retry}}, origin]",
            "begin their retries again",
        ),
        ("collapsed_forwarding", "path=[cdn, origin]", "collapses misses already"),
        (
            "stale_while_revalidate",
            "path=[{cdn: {ttl: 5s, stale_while_revalidate: 5s}}, origin]",
            "served for that long already",
        ),
        (
            "retry_budget",
            "path=[{retry: {budget: 5%}}, origin]",
            "have such a budget already",
        ),
        (
            "stale_while_revalidate",
            "kv.stale_while_revalidate=1m",
            "for that long already",
        ),
        ("background_write", "kv.acknowledge=background", "no answer waits"),
        ("cache_in_front", "path=[cdn, origin]", "an HTTP cache already"),
        ("cacheable_answers", "seed=1", "may be stored already"),
        ("circuit_breaker", "seed=1", "the origin never fails"),
        ("error_caching", "origin.rate_limit=unlimited", "nobody with an error"),
        ("fetch_timeout", "seed=1", "take as long"),
        ("fewer_retries", "path=[{retry: {attempts: 1}}, origin]", "more attempts"),
        (
            "forgotten_flights",
            "path=[{single_flight: {forget_after: 1s}}, origin]",
            "as early already",
        ),
        ("hedged_fetch", "seed=1", "take as long"),
        ("ignore_refused_puts", "seed=1", "refuses no put"),
        (
            "ignore_refused_puts",
            "path=[{kv.write: {on_refused: ignore, writes_per_key: 1/s}}, origin]",
            "fails by a refused put",
        ),
        ("larger_object", "path=[durable_object, origin]", "any number of requests"),
        ("larger_store", "seed=1", "no bounded store"),
        ("larger_store", "path=[memory, origin]", "holds all values"),
        ("load_shedding", "seed=1", "any number of calls"),
        ("lock_in_redis", "path=[redis.read, origin]", "no redis.write"),
        ("longer_timeout", "seed=1", "no timeout"),
        ("longer_ttl", "kv.ttl=10m", "no value expires"),
        ("memory_in_isolate", "path=[memory, origin]", "has a memory already"),
        ("memory_in_isolate", "path=[cdn, origin]", "no worker to run it"),
        ("more_concurrency", "seed=1", "any number of calls"),
        ("negative_caching", "seed=1", "nobody with 404"),
        ("no_negative_caching", "seed=1", "no location caches absence"),
        ("refresh_ahead", "kv.refresh_ahead={fraction: 50%}", "as early already"),
        ("sharded_object", "path=[durable_object, origin]", "as many objects"),
        ("shared_tier", "path=[cdn, origin]", "one location only"),
        ("stale_if_error", "kv.stale_if_error=2h", "for that long already"),
        ("timed_refresh", "path=[memory, origin]", "no store that all share"),
        ("unbound_leader", "path=[single_flight, origin]", "no client leaves"),
        ("waiting_room", "origin.rate_limit=unlimited", "no rate limit"),
        ("warm_up", "path=[memory, origin]", "memory of every isolate"),
        ("warm_up", "path=[origin]", "could hold values"),
        ("warm_up", "origin.cacheable=false", "may not be stored"),
        ("timed_refresh", "origin.cacheable=false", "may not be stored"),
        ("xfetch", "kv.xfetch={beta: 2}", "as early already"),
    ],
)
def test_a_remedy_that_does_not_apply_says_why(
    kind: str, override: str, reason: str
) -> None:
    """It is not silently the same scenario."""
    with pytest.raises(DoesNotApply, match=reason):
        remedied(a_scenario(override), remedies()[kind])


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind, remedy in remedies().items()
        if remedy.weakest_first(an_incident_for(kind))
    ],
)
def test_every_setting_of_a_remedy_makes_another_scenario(kind: str) -> None:
    """The weakest and the strongest can be made, and differ."""
    scenario = an_incident_for(kind)
    settings = remedies()[kind].weakest_first(scenario)

    weakest, strongest = (remedied(scenario, settings[i])[0] for i in (0, -1))

    assert weakest.sha256 != strongest.sha256


@pytest.mark.parametrize("kind", [*ON_ITS_PATH, *OF_KV])
def test_a_remedy_of_a_layer_needs_that_layer(kind: str) -> None:
    """It is not made without the layer whose settings it changes."""
    remedy = remedies()[kind]

    with pytest.raises(NoSuchLayer, match="the path has no"):
        remedied(a_scenario("path=[origin]"), remedy)


def test_a_coalescer_stands_behind_the_memory_that_answers_hits() -> None:
    """A value in memory still costs nothing."""
    scenario = a_scenario("path=[memory, origin]")
    changed, _ = remedied(scenario, remedies()["object_per_key"])

    assert [one.kind for one in changed.path] == ["memory", "durable_object", "origin"]


def test_keys_of_a_log_may_expire_together() -> None:
    """They are in the file, not in the scenario."""
    log = "traffic.arrivals=[{kind: replay, file: scenarios/data/web-access.log.gz}]"

    assert remedied(a_scenario(log), remedies()["jittered_ttl"])[1]


def test_a_cache_that_collapses_takes_nothing_complete_away() -> None:
    """No cache has a lock and HAProxy's straggler."""
    path = "path=[{cdn: {lock: false, incomplete: displaces}}, origin]"
    changed, _ = remedied(a_scenario(path), remedies()["collapsed_forwarding"])

    assert written(changed, "cdn")["incomplete"] == "whole"


@pytest.mark.parametrize(
    ("name", "kind", "changed", "measured"),
    [
        ("lock-age", "longer_lock", "lock age 5s → 3m", {"origin_hits": 1}),
        (
            "clients-kept",
            "spread_arrivals",
            "burst within 1s → 25s; the run lasts 15s longer",
            {"requests": 1_000, "errors": 741.2},
        ),
        (
            "clients-kept-late",
            "spread_arrivals",
            "burst within 400ms → 10s; the run lasts 6s longer",
            {"requests": 800, "errors": 13.6},
        ),
        (
            "two-bursts",
            "spread_arrivals",
            "burst within 1ms → 25ms and burst within 1s → 25s at 60s",
            {"requests": 1_001, "origin_hits": 21.2},
        ),
    ],
)
def test_a_remedy_of_an_incident_does_what_it_says(
    name: str, kind: str, changed: str, measured: dict[str, float]
) -> None:
    """It names all that it changed, weakens nothing and loses nobody."""
    scenario = Scenario.load(f"tests/assets/explain/{name}.yaml")
    cured, texts = remedied(scenario, remedies()[kind])
    seen = metric_values(cured, seed=scenario.seed, replications=5)

    assert texts == (changed,)
    assert {metric: seen.estimate(metric).mean for metric in measured} == measured


def test_an_object_that_is_asked_too_often_has_the_capacity_of_the_platform() -> None:
    """Of 40,000 requests 20,000 come within a second, and wait until all expires."""
    scenario = Scenario.load("tests/assets/explain/overloaded-object.yaml")
    cured, (text,) = remedied(scenario, remedies()["global_object"])
    seen = metric_values(cured, seed=1, replications=2)

    assert written(cured, "durable_object")["capacity"] == "1000/s"
    assert re.search(r"up to 20,\d{3} requests come within a second", text)
    assert (seen.estimate("origin_hits").mean or 0) > 7_000
    assert (seen.estimate("errors").mean or 0) > 700


def test_an_object_that_keeps_up_has_no_limit() -> None:
    """Two hundred requests are no thousand, nor are those for one of many keys."""
    small = a_scenario()
    spread = Scenario.load("tests/assets/explain/overloaded-object.yaml")
    pair = (small, "global_object"), (spread, "object_per_key")

    for scenario, kind in pair:
        changed, _ = remedied(scenario, remedies()[kind])
        assert written(changed, "durable_object")["capacity"] == "unlimited"


@pytest.mark.parametrize("kind", remedies())
def test_every_remedy_says_what_it_takes(kind: str) -> None:
    """A setting, code, or a new component."""
    assert remedies()[kind].effort in get_args(Effort)


@pytest.mark.parametrize(("kind", "text", "added"), CHANGES)
def test_a_remedy_says_what_it_changes(kind: str, text: str, added: str) -> None:
    """And adds the layers that it is about."""
    scenario = an_incident_for(kind)
    changed, texts = remedied(scenario, remedies()[kind])
    before, after = ([one.kind for one in it.path] for it in (scenario, changed))

    assert texts == (text,)
    assert sorted(after) == sorted([*before, *added.split()])


@pytest.mark.parametrize(("kind", "path", "text"), CARRIERS)
def test_a_remedy_acts_through_every_layer_that_can_carry_it(
    kind: str, path: str, text: str
) -> None:
    """By what the layer says of itself, whatever it is called there."""
    scenario = a_scenario(
        f"path={path}",
        "traffic.keys={kind: weighted, weights: {a: 1, b: 1}}",
        "origin.faults=[{kind: first, calls: 3, status: 404}]",
    )
    _, (changed,) = remedied(scenario, remedies()[kind])

    assert text in changed


@pytest.mark.parametrize(
    ("name", "kind", "errors"),
    [("outage", "stale_if_error", 10.5), ("leader-leaves", "unbound_leader", 4)],
)
def test_a_remedy_of_an_incident_spares_errors(
    name: str, kind: str, errors: float
) -> None:
    """Of 3,072 in the outage, and of all twenty where the leader leaves."""
    scenario = Scenario.load(f"tests/assets/explain/{name}.yaml")
    cured, _ = remedied(scenario, remedies()[kind])
    seen = metric_values(cured, seed=scenario.seed, replications=2)

    assert seen.estimate("errors").mean == errors


def test_a_late_sale_is_warmed_by_a_job() -> None:
    """Five seconds before it, in half of that time, and what it stores is found."""
    late = "traffic.arrivals=[{kind: burst, requests: 200, within: 200ms, at: 30s}]"
    changed, (text,) = remedied(a_scenario(late), remedies()["warm_up"])
    seen = metric_values(changed, seed=1, replications=2)

    assert text == "a job fetches every key at 25s"
    assert seen.estimate("origin_hits").mean == 1


def test_a_sale_that_comes_again_is_warmed_each_time() -> None:
    """The first finds what was stored; a job comes before each of the other three."""
    again = "{kind: burst, requests: 200, within: 200ms, every: 70s}"
    scenario = a_scenario(f"traffic.arrivals=[{again}]", "duration=4m")
    changed, (text,) = remedied(scenario, remedies()["warm_up"])
    seen = metric_values(changed, seed=1, replications=2)

    assert text.endswith(" and a job fetches every key at 65s, and every 70s")
    assert seen.estimate("origin_hits").mean == 3


def test_a_remedy_that_makes_an_invalid_scenario_does_not_apply() -> None:
    """The reason is the scenario's own."""
    path = "path=[kv.read, kv.write, batch, origin]"

    with pytest.raises(DoesNotApply, match="wrong with it: path: one call stands for"):
        remedied(a_scenario(path), remedies()["object_per_key"], _Behind())


class _Behind(Remedy):
    """A second cache where one call stands for several keys."""

    label = "a cache behind"
    effort = "code"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.path.insert(-1, {"memory": {}})
        return "memory"
