"""Builds the rows of small runs, so that a test states only what it is about."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from simcoalesce.outcomes import NEVER, Lookup, OriginRows, Outcomes, RequestRows, Role

ARun = Callable[..., Outcomes]


@pytest.fixture
def a_run() -> ARun:
    """Return a builder of runs: `a_run(requests=[{...}], calls=[{...}])`."""
    return _outcomes


def _outcomes(
    *,
    requests: Sequence[Mapping[str, int]] = (),
    calls: Sequence[Mapping[str, int]] = (),
    usage: Mapping[str, float] | None = None,
) -> Outcomes:
    def asked(name: str, default: int = 0) -> NDArray[np.int64]:
        return _column(requests, name, default)

    arrived = asked("at")
    request_rows = RequestRows(
        request=np.arange(len(requests)),
        key=asked("key"),
        location=asked("location"),
        isolate=asked("isolate"),
        arrived_at_ns=arrived,
        completed_at_ns=arrived + asked("latency", 1),
        status=asked("status", 200),
        lookup=asked("lookup", Lookup.MISS),
        role=asked("role", Role.NONE),
        served_by=asked("served_by"),
        age_ns=asked("age", NEVER),
        attempts=asked("attempts", 1),
    )
    return Outcomes(
        request_rows,
        _origin_rows(calls),
        usage or {},
        keys=tuple(f"key-{index}" for index in range(1 + _most(request_rows.key))),
        locations=tuple(f"at-{i}" for i in range(1 + _most(request_rows.location))),
    )


def _origin_rows(calls: Sequence[Mapping[str, int]]) -> OriginRows:
    called = _column(calls, "at", 0)
    return OriginRows(
        request=np.arange(len(calls)),
        key=_column(calls, "key", 0),
        called_at_ns=called,
        completed_at_ns=called + _column(calls, "latency", 1),
        status=_column(calls, "status", 200),
        version=_column(calls, "version", 0),
    )


def _column(
    rows: Sequence[Mapping[str, int]], name: str, default: int
) -> NDArray[np.int64]:
    return np.array([row.get(name, default) for row in rows], dtype=np.int64)


def _most(column: NDArray[np.int64]) -> int:
    return int(column.max(initial=0))
