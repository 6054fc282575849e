"""Pod paths: what pods are told, and what they cannot do."""

import pytest

from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.pod_path import objections, pod_path


def a_scenario(path: str) -> Scenario:
    """Return a scenario of one key with a path before its origin."""
    return Scenario.parse(
        f"""
traffic: {{arrivals: [{{kind: burst, requests: 3, within: 1ms}}]}}
redis: {{latency: 2ms, ttl: 60s, error_ttl: {{404: 1s}}}}
origin: {{latency: 100ms}}
path: [{path}, origin]
"""
    )


def test_a_step_has_its_times_in_real_seconds() -> None:
    """At a time scale of 10."""
    path = a_scenario("redis.read, distributed_lock, redis.write").path
    read, lock, write = pod_path(path, 10)

    assert (read["latency_s"], read["waits"], read["dedupe"]) == (
        0.02,
        False,
        "isolate",
    )
    assert (lock["lock_ttl_s"], lock["poll_s"], lock["wait_s"]) == (20, 0.25, 50)
    assert (write["ttl_s"], write["error_ttl"], write["stale_s"]) == (
        600,
        {"404": 10},
        0,
    )


@pytest.mark.parametrize(
    ("path", "stale_s"),
    [
        ("{redis.read: {stale_if_error: 2s}}, redis.write", 2),
        (
            "redis.read, {distributed_lock: {on_timeout: stale}}, redis.write",
            3_600,
        ),
    ],
)
def test_a_value_is_kept_beyond_its_ttl_if_something_asks_for_it(
    path: str, stale_s: float
) -> None:
    """In its own key, which expires later."""
    assert pod_path(a_scenario(path).path, 1)[-1]["stale_s"] == stale_s


def test_early_refresh_is_told_by_its_beta() -> None:
    """And by what follows from it if nothing else is said."""
    (read, _) = pod_path(
        a_scenario("{redis.read: {xfetch: {beta: 2}}}, redis.write").path, 1
    )

    assert (read["beta"], read["waits"], read["dedupe"]) == (2, True, "none")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("kv.read, kv.write", "path: the pods have no layer kv.read"),
        ("{lease: {latency: {exponential: 1ms}}}", "lease.latency: write a constant"),
        ("{lease: {timer_lag: 1ms}}", "lease.timer_lag: 1ms has no counterpart"),
        ("{single_flight: {cleanup: never}}, lease", "single_flight.cleanup: finally"),
    ],
)
def test_what_pods_cannot_do_is_said(path: str, said: str) -> None:
    """With what they could."""
    assert any(one.startswith(said) for one in objections(a_scenario(path)))


def test_pods_can_do_the_rest() -> None:
    """Nothing to object."""
    path = "memory, single_flight, redis.read, distributed_lock, redis.write"

    assert [*objections(a_scenario(path))] == []
