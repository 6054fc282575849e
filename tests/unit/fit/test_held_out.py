"""Held out: what is fitted to the first part of a real log predicts the rest."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from simcoalesce.fit.back_test import BackTest
from simcoalesce.fit.estimator import fitted_values
from simcoalesce.fit.fitted_value import FittedValues
from simcoalesce.fit.held_out import back_test
from tests.fit_logs import recorded_log

NAMES = ("b-no-lock-queries", "e-window-429")


@cache
def fitted(name: str) -> tuple[FittedValues, BackTest, dict[str, Any]]:
    """Return what is fitted to a log, its back-test on the last half, and its truth."""
    log, truth = recorded_log(name)
    found = fitted_values(log)
    told: list[tuple[int, int]] = []
    tested = back_test(
        log,
        found,
        holdout_ratio=0.5,
        replications=4,
        on_run=lambda done, of: told.append((done, of)),
    )
    assert tested is not None
    scenarios = 1 + len(tested.rivals)
    assert told == [(run, 4 * scenarios) for run in range(1, 4 * scenarios + 1)]
    return found, tested, truth


def test_a_log_without_lock_and_with_queries_is_told() -> None:
    """Key, ttl, no lock: the truth."""
    found, _, truth = fitted("b-no-lock-queries")

    assert found.get("key_rule").text == "host and path"  # type: ignore[union-attr]
    assert dict(sets_of(found))["lock.ttl"] == f"{truth['cache']['valid_200_s']}s"
    assert dict(sets_of(found))["lock.locks"] is False
    assert dict(sets_of(found))["origin.latency"] == "121ms"


def test_a_log_with_a_lock_and_a_fixed_window_is_told() -> None:
    """ttl, lock, limit: the truth; its windows began with the generator."""
    found, _, truth = fitted("e-window-429")
    limit = truth["origin"]["limit"]
    written = dict(sets_of(found))

    assert written["lock.ttl"] == "5s"
    assert written["lock.locks"] is True
    assert written["lock.stale"] == "none"
    kept = {name: written["origin.rate_limit"][name] for name in ("kind", "limit")}
    assert kept == {"kind": limit["kind"], "limit": limit["limit"]}
    assert written["origin.rate_limit"]["per"] == f"{limit['per']}s"


@pytest.mark.parametrize("name", NAMES)
def test_the_rest_of_a_log_is_predicted(name: str) -> None:
    """Calls and 429s of the held-out half within 3 %, p99 within 10 %."""
    _, tested, _ = fitted(name)

    assert tested.unlike == ()
    lines = {line.name: line for line in tested.main.lines}
    assert abs(lines["origin_calls"].error_ratio or 0) < 0.03
    assert abs(lines["latency_p99_s"].error_ratio or 0) < 0.10


def test_a_combined_log_tells_of_its_traffic_alone() -> None:
    """Nothing says which requests called the origin: there is no verdict."""
    log, _ = recorded_log("b-no-lock-queries")
    blind = {"cache": log.cache * 0 - 1, "origin_ns": log.origin_ns * 0 - 1}
    fields = {name: log.fields[name] for name in ("host", "uri", "method", "status")}
    found = fitted_values(log_with(log, fields, blind))

    assert found.get("cache").is_assumed  # type: ignore[union-attr]
    assert not found.tells("ttl")


def sets_of(found: FittedValues) -> list[tuple[str, Any]]:
    """Return all that is set, path by path."""
    return [pair for one in found for pair in one.sets.items()]


def log_with(log: Any, fields: dict[str, str], columns: dict[str, Any]) -> Any:
    """Return a log with other fields and columns."""
    durations = {"duration_ns": log.duration_ns * 0 - 1}
    return replace(log, fields=fields, **columns, **durations)
