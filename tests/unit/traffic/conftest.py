"""Builders for traffic: phases, whole traffic, logs."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import TypeAdapter

from simcoalesce.request import Requests
from simcoalesce.spec import InputFile
from simcoalesce.traffic import GeneratedTraffic, Traffic
from simcoalesce.traffic.arrival import Arrival, PhaseStreams
from simcoalesce.units import parse_duration

InstantsOf = Callable[..., NDArray[np.int64]]
TrafficOf = Callable[..., GeneratedTraffic]
RequestsOf = Callable[..., Requests]
LogFile = Callable[..., InputFile]


@pytest.fixture
def phase_of(tmp_path: Path) -> Callable[[dict[str, Any]], Arrival]:
    """Return a phase, written as in a scenario beside the test's own files."""
    adapter: TypeAdapter[Arrival] = TypeAdapter(Arrival)
    return lambda written: adapter.validate_python(
        written, context={"folder": tmp_path}
    )


@pytest.fixture
def instants_of(phase_of: Callable[[dict[str, Any]], Arrival]) -> InstantsOf:
    """Return all instants of a phase, in nanoseconds after its start."""

    def build(
        written: dict[str, Any], seed: int = 1, until: str = "5m"
    ) -> NDArray[np.int64]:
        blocks = phase_of(written).instants(
            PhaseStreams(seed, 0), parse_duration(until)
        )
        return np.concatenate([np.empty(0, dtype=np.int64), *blocks])

    return build


@pytest.fixture
def traffic_of(tmp_path: Path) -> TrafficOf:
    """Return the traffic of a traffic, written as in a scenario."""

    def build(
        written: dict[str, Any], seed: int = 1, duration: str = "5m", rows: int = 65_536
    ) -> GeneratedTraffic:
        traffic = Traffic.model_validate(written, context={"folder": tmp_path})
        return traffic.generate(
            seed=seed, duration_ns=parse_duration(duration), rows=rows
        )

    return build


@pytest.fixture
def requests_of(traffic_of: TrafficOf) -> RequestsOf:
    """Return all requests of a traffic, written as in a scenario."""
    return lambda written, **how: Requests.joined(
        list(traffic_of(written, **how).chunks)
    )


@pytest.fixture
def log_file(tmp_path: Path) -> LogFile:
    """Write a log, compressed if its name says so."""

    def build(name: str, content: str | bytes) -> InputFile:
        plain = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.write_bytes(gzip.compress(plain) if name.endswith(".gz") else plain)
        return InputFile(written=name, path=path)

    return build
