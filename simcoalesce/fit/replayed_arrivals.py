"""The arrivals of a log as a file of their own: starts, keys, methods."""

import gzip
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.csv_text import csv_text
from simcoalesce.fit.fitted_value import (
    CompanionFile,
    FittedValue,
    FittedValues,
)
from simcoalesce.fit.traffic_choice import keys_of
from simcoalesce.logs.log import Log
from simcoalesce.units import format_duration

_UNITS: Final = (("t_s", 10**9), ("t_ms", 10**6), ("t_us", 10**3), ("t_ns", 1))
_COARSE_NS: Final = 10_000_000
"""Stamps from which on a replay spreads by itself."""


def replay_phase(
    log: Log, code: NDArray[Any], names: tuple[str, ...]
) -> dict[str, Any]:
    """Return the phase that replays a log from a file beside the scenario.

    Args:
        log: Whose requests.
        code: The key of each, shape (n,); -1 without one.
        names: The names of the keys.
    """
    content = arrivals_csv(log, code, names)
    file = CompanionFile("arrivals.csv.gz", gzip.compress(content.encode(), mtime=0))
    phase: dict[str, Any] = {"kind": "replay", "file": file, "format": "csv"}
    if log.stamp_ns >= _COARSE_NS:
        phase["spread"] = format_duration(log.stamp_ns)
    return phase


def with_replay(log: Log, values: FittedValues) -> FittedValues:
    """Return values with the log itself in place of a law of its traffic.

    A back-test asks what cache and origin made of the requests that came.
    """
    phase = replay_phase(log, *keys_of(log, values))
    kept = (one for one in values if not _is_traffic(one))
    replay = FittedValue("arrivals", {"traffic.arrivals": [phase]}, "", len(log))
    return FittedValues(tuple(kept)).plus(replay)


def _is_traffic(value: FittedValue) -> bool:
    return any(path.startswith("traffic.") for path in value.sets)


def arrivals_csv(log: Log, code: NDArray[Any], names: tuple[str, ...]) -> str:
    """Return starts, keys and, where they differ, methods, locations and isolates.

    The unit of time is the coarsest that loses nothing. An ``;`` never stands between
    cells, and texts with a comma are quoted.
    """
    at_ns = log.at_ns - log.at_ns[0]
    unit, size_ns = next(one for one in _UNITS if not (at_ns % one[1]).any())
    columns: dict[str, list[Any]] = {unit: (at_ns // size_ns).tolist()}
    columns["key"] = _named(code, names)
    if any(method != "GET" for method in log.methods):
        columns["method"] = _named(log.method, log.methods)
    if log.locations:
        columns["location"] = _named(log.location, log.locations)
    if (log.isolate >= 0).any():
        columns["isolate"] = log.isolate.tolist()
    rows = zip(*columns.values(), strict=True)
    return csv_text([[*columns], *rows], is_guarded=False)


def _named(codes: NDArray[Any], names: tuple[str, ...]) -> list[str]:
    """Return the names of codes; nothing where the log says none."""
    named: list[str] = np.array([*names, ""], dtype=object)[codes].tolist()
    return named


def duration_of(log: Log) -> str:
    """Return how long a scenario of all requests lasts: to the second after the last.

    Of less than ten seconds, to the tenth of a second.
    """
    last_ns = int(log.at_ns[-1] - log.at_ns[0]) + max(log.stamp_ns, 1)
    step_ns = 10**9 if last_ns > 10**10 else 10**8
    return format_duration(-(-last_ns // step_ns) * step_ns)
