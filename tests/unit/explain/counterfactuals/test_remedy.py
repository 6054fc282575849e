"""Every remedy changes a scenario, says what it changed, or says why it cannot."""

import re
from typing import get_args

import pytest

from simcoalesce import Scenario
from simcoalesce.experiment.metric_values import metric_values
from simcoalesce.explain.counterfactuals.remedy import Effort, remedied, remedies
from simcoalesce.explain.scenario_edit import DoesNotApply, NoSuchLayer
from tests.unit.explain.builders import (
    ON_ITS_PATH,
    a_scenario,
    an_incident_for,
    written,
)

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
