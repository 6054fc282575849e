"""Logs for tests of fit: a few requests by hand, and recorded ones of a real nginx."""

import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simcoalesce.fit.estimator import fitted_values
from simcoalesce.logs.cache_status import CacheStatus, cache_status
from simcoalesce.logs.log import Log, RequestTarget

RECORDED = Path(__file__).parent / "assets" / "fit"
DAY_S = 1_796_000_000
_TEXT = re.compile(
    r'"(?P<method>\S+) [^"]*" (?P<status>\d+) \d+ host=(?P<host>\S+) uri=(?P<uri>\S+)'
    r" msec=(?P<end>\S+) rt=(?P<took>\S+) urt=(?P<origin>\S+) cs=(?P<cache>\S+)"
)
_JSON = {
    "method": "method",
    "status": "status",
    "host": "host",
    "uri": "request_uri",
    "end": "time",
    "took": "request_time",
    "origin": "upstream_response_time",
    "cache": "upstream_cache_status",
}


class Entry(NamedTuple):
    """A line of a log; instants in seconds after a whole second, durations in ms."""

    at_s: float
    took_ms: float = 0
    uri: str = "/a"
    cache: CacheStatus | None = CacheStatus.HIT
    origin_ms: float | None = None
    status: int = 200
    method: str = "GET"
    host: str = "shop.example"


def hit(at_s: float, uri: str = "/a", **more: Any) -> Entry:
    """Return a request that finds a fresh answer."""
    return Entry(at_s, uri=uri, **more)


def fetch(
    at_s: float,
    took_ms: float = 100,
    uri: str = "/a",
    cache: CacheStatus = CacheStatus.MISS,
    **more: Any,
) -> Entry:
    """Return a request that calls the origin at once."""
    return Entry(at_s, took_ms, uri, cache, more.pop("origin_ms", took_ms), **more)


def a_log(entries: Sequence[Entry], without: Sequence[str] = ()) -> Log:
    """Return a log of these lines, in order of their starts.

    Args:
        entries: Its lines.
        without: Fields that it has not: cache, origin_duration, duration.
    """
    lines = sorted(entries, key=lambda one: (one.at_s, -one.took_ms))
    methods = tuple(dict.fromkeys(one.method for one in lines))
    targets = tuple(dict.fromkeys(RequestTarget(one.host, one.uri) for one in lines))
    names = ("host", "uri", "method", "status", "duration", "cache", "origin_duration")
    has = {name: f"${name}" for name in names if name not in without}
    count = len(lines)

    def column(name: str, values: Sequence[float], kind: Any) -> Any:
        return np.array(values if name in has else [-1] * count, dtype=kind)

    return Log(
        name="by hand",
        at_ns=np.array([_ns(DAY_S + one.at_s) for one in lines], dtype=np.int64),
        target=np.array(
            [targets.index(RequestTarget(o.host, o.uri)) for o in lines], np.int32
        ),
        method=np.array([methods.index(one.method) for one in lines], np.int8),
        status=np.array([one.status for one in lines], np.int16),
        duration_ns=column("duration", [_ns(o.took_ms / 1e3) for o in lines], np.int64),
        cache=column("cache", [_code(one.cache) for one in lines], np.int8),
        origin_ns=column(
            "origin_duration", [_origin_ns(one) for one in lines], np.int64
        ),
        origin_status=np.zeros(count, dtype=np.int16),
        location=np.full(count, -1, dtype=np.int32),
        isolate=np.full(count, -1, dtype=np.int32),
        targets=targets,
        methods=methods,
        fields=has,
    )


def _ns(seconds: float) -> int:
    return round(seconds * 1e6) * 1_000


def _code(status: CacheStatus | None) -> int:
    return -1 if status is None else int(status)


def _origin_ns(entry: Entry) -> int:
    return -1 if entry.origin_ms is None else _ns(entry.origin_ms / 1e3)


def recorded_log(name: str) -> tuple[Log, dict[str, Any]]:
    """Return a log of a real nginx, and its truth."""
    with gzip.open(RECORDED / f"{name}.log.gz", "rt", encoding="utf-8") as file:
        log = a_log([_entry(line) for line in file])
    truth = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return log, truth


def _entry(line: str) -> Entry:
    if line.startswith("{"):
        written = json.loads(line)
        said = {name: written[of] for name, of in _JSON.items()}
    else:
        found = _TEXT.search(line)
        assert found is not None, line
        said = found.groupdict()
    end_s, took_s = float(said["end"]) - DAY_S, float(said["took"])
    code = cache_status(said["cache"])
    return Entry(
        at_s=round(end_s - took_s, 3),
        took_ms=took_s * 1e3,
        uri=said["uri"],
        cache=None if code < 0 else CacheStatus(code),
        origin_ms=_ms(said["origin"]),
        status=int(said["status"]),
        method=said["method"],
        host=said["host"],
    )


def _ms(written: str) -> float | None:
    return None if written in {"", "-"} else float(written) * 1e3


def found_in(log: Log, name: str) -> Any:
    """Return what estimators find of a name in a log; None if nothing."""
    return fitted_values(log).get(name)
