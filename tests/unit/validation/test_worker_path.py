"""Programs: a scenario's path as the worker takes it."""

from typing import Any

import pytest

from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.target import CannotValidate, check_scenario
from simcoalesce.validation.targets.workerd import Workerd
from simcoalesce.validation.worker_path import (
    has_memory_in_isolates,
    objections,
    worker_path,
)


def a_scenario(path: str, *more: str) -> Scenario:
    """Return a scenario with a path, written in YAML."""
    return Scenario.parse(
        "\n".join(
            [
                "traffic: {arrivals: [{kind: burst, requests: 3, within: 1ms}]}",
                "origin: {latency: 120ms}",
                f"path: {path}",
                *more,
            ]
        )
    )


def steps(path: str, scale: float = 1) -> list[dict[str, Any]]:
    """Return the program of a path."""
    return worker_path(a_scenario(path), scale)


def test_each_layer_is_a_step_of_the_same_kind() -> None:
    """The path is the program, there as here."""
    kinds = [
        "kv.read",
        "single_flight",
        "durable_object",
        "memory",
        "kv.write",
        "origin",
    ]

    assert [s["kind"] for s in steps(f"[{', '.join(kinds)}]")] == kinds


def test_a_hop_is_perioded_by_the_time_scale() -> None:
    """The worker waits in real time."""
    _, step, _ = steps("[kv.read, {durable_object: {hop: 2ms}}, origin]", scale=10)

    assert step["hop_ms"] == 20


def test_a_ttl_stays_in_seconds_of_the_scenario() -> None:
    """The store does the stretching: the worker writes what a deployed one writes."""
    step = steps("[{kv.write: {ttl: 60s}}, origin]", scale=10)[0]

    assert step["ttl_s"] == 60


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("", "fail"),
        ("on_refused: ignore", "ignore"),
        ("acknowledge: background", "ignore"),
        ("acknowledge: background, on_refused: fail", "ignore"),
    ],
)
def test_a_refused_put_is_caught_as_the_scenario_catches_it(
    written: str, rule: str
) -> None:
    """The worker is told what follows from how the put is acknowledged."""
    step = steps(f"[{{kv.write: {{{written}}}}}, origin]")[0]

    assert step["on_refused"] == rule


def test_all_that_the_testbed_cannot_do_is_said_at_once() -> None:
    """Nobody has to repair a scenario line by line."""
    path = "[{timeout: {after: 1s}}, {durable_object: {queue_limit: 5}}, origin]"

    with pytest.raises(CannotValidate) as refused:
        check_scenario(Workerd(), a_scenario(path), 1)

    assert "no layer timeout" in str(refused.value)
    assert "durable_object.queue_limit" in str(refused.value)


def test_an_object_with_kv_has_one_location() -> None:
    """The objects' binding reads at one place."""
    scenario = a_scenario(
        "[durable_object, kv.read, kv.write, origin]",
        "variants: {two: {traffic: {locations: {a: 1, b: 1}}}}",
    )

    (objection,) = objections(scenario.with_variant("two"))

    assert objection.startswith("traffic.locations")


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("[kv.read, single_flight, origin]", True),
        ("[memory, durable_object, origin]", True),
        ("[kv.read, durable_object, memory, origin]", False),
    ],
)
def test_isolates_matter_where_they_remember(path: str, *, matters: bool) -> None:
    """Otherwise one isolate is as good as four hundred."""
    assert has_memory_in_isolates(a_scenario(path).path) is matters


def test_an_object_awaits_its_storage_for_as_long_as_it_takes() -> None:
    """Perioded as all times are; without storage time it asks nothing of it."""
    path = "[{durable_object: {storage_time: 5ms}}, origin]"

    awaited, plain = (
        worker_path(a_scenario(one), 10)[0]
        for one in (path, "[durable_object, origin]")
    )

    assert awaited["storage_ms"] == 50
    assert "storage_ms" not in plain


def test_an_object_stores_what_it_has_fetched_for_as_long_as_it_takes() -> None:
    """The worker reads it apart from the storage that it awaits before."""
    path = "[{durable_object: {storage_after: 5ms}}, origin]"

    stored, _ = worker_path(a_scenario(path), 10)

    assert stored["storage_after_ms"] == 50
    assert "storage_ms" not in stored
