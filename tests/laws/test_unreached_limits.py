"""A limit that nobody reached may as well be none: nothing changes.

A run says itself whether one was reached: who was refused is counted. Who waits is not,
so nobody may wait for a token, or for a turn.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests
from tests.builders import a_path
from tests.metamorphic import QUICK, a_documented_path, documents, runs, written
from tests.random_scenarios import (
    BULKHEADS,
    LIMITERS,
    OBJECTS,
    ORIGINS,
    READS,
    RETRIES,
    WRITES,
    any_requests,
)

UNLIMITED: dict[str, dict[str, Any]] = {
    "limiter": {"rate_limit": []},
    "bulkhead": {"limit": 1_000},
    "kv.write": {"writes_per_key": "unlimited"},
    "durable_object": {"queue_limit": "unlimited"},
    "origin": {"rate_limit": []},
}
"""What a layer says that limits nothing."""
IMPATIENT = {"limiter": {"wait": "0ms"}, "bulkhead": {"queue_timeout": "0ms"}}
REACHED = (
    *("limiter_refused", "bulkhead_refused", "kv_writes_refused"),
    "object_peak_queue",
)
"""Counts of those who met a limit, or who might have."""
PATHS = st.tuples(
    st.lists(st.one_of(RETRIES, LIMITERS, BULKHEADS), max_size=2),
    st.lists(st.one_of(READS, OBJECTS, LIMITERS, BULKHEADS), max_size=2),
    WRITES,
    ORIGINS,
).map(lambda parts: a_path(*parts[0], *parts[1], parts[2], parts[3]))
FEW_REACH = settings(
    QUICK,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def is_reached(outcomes: Outcomes) -> bool:
    """Say whether somebody met a limit in a run."""
    is_refused = bool(np.any(outcomes.origin_rows.status == 429))
    return is_refused or any(outcomes.usage.get(unit) for unit in REACHED)


def counted(layer: dict[str, Any]) -> dict[str, Any]:
    """Return a layer whose queue has room for one: with none, it refuses uncounted."""
    return layer | ({"queue_limit": 1} if layer.get("queue_limit") == 0 else {})


def check(path: list[Layer], requests: Requests, seed: int) -> None:
    """Assert that a run in which nobody met a limit is that without any."""
    strict = [counted(one | IMPATIENT.get(one["kind"], {})) for one in documents(path)]
    limited = runs(a_documented_path(strict), requests, seed=seed)
    assume(not is_reached(limited["simpy"]))
    freed = [one | UNLIMITED.get(one["kind"], {}) for one in strict]
    free = runs(a_documented_path(freed), requests, seed=seed)
    for engine in limited:
        assert written(free[engine]) == written(limited[engine]), engine


@given(
    path=PATHS,
    requests=any_requests().map(lambda some: some.first(6)),
    seed=st.integers(0, 9),
)
@settings(FEW_REACH, max_examples=60)
def test_limits_that_nobody_reached_change_nothing(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Neither what they count nor what they keep is seen by anybody."""
    check(path, requests, seed)


@pytest.mark.slow
@given(path=PATHS, requests=any_requests(), seed=st.integers(0, 9))
@settings(FEW_REACH, max_examples=3_000, derandomize=False)
def test_thousands_of_limits_that_nobody_reached_change_nothing(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """The same again, for longer."""
    check(path, requests, seed)
