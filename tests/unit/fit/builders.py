"""Small logs: requests at instants, and nothing that a test does not say."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcoalesce.logs.log import Log, RequestTarget
from simcoalesce.traffic.traffic import Traffic

S = 1_000_000_000


def a_log(
    at_s: Sequence[float] | NDArray[np.float64],
    uris: Sequence[str] = (),
    methods: Sequence[str] = (),
    *,
    stamp_ns: int = 1,
    from_ns: int = 0,
) -> Log:
    """Return a log with these starts; without URIs all ask for ``/a``, by GET."""
    count = len(at_s)
    names = tuple(dict.fromkeys(uris or ["/a"]))
    known = tuple(dict.fromkeys(methods or ["GET"]))
    none, zero = np.full(count, -1), np.zeros(count)
    return Log(
        name="small.log",
        at_ns=np.rint(np.asarray(at_s) * S).astype(np.int64) + from_ns,
        target=codes(uris or ["/a"] * count, names).astype(np.int32),
        method=codes(methods or ["GET"] * count, known).astype(np.int8),
        status=zero.astype(np.int16),
        duration_ns=none.astype(np.int64),
        cache=none.astype(np.int8),
        origin_ns=none.astype(np.int64),
        origin_status=zero.astype(np.int16),
        location=none.astype(np.int32),
        isolate=none.astype(np.int32),
        targets=tuple(RequestTarget(None, name) for name in names),
        methods=known,
        stamp_ns=stamp_ns,
    )


def codes(values: Sequence[str], names: Sequence[str]) -> NDArray[np.int64]:
    """Return the number of each value among some names."""
    return np.array([names.index(value) for value in values], dtype=np.int64)


def generated(
    arrivals: Sequence[dict[str, Any]],
    duration_s: float,
    seed: int = 1,
    keys: dict[str, Any] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the instants in seconds and the keys that arrivals of a scenario bring."""
    phases = [*arrivals]
    traffic = Traffic.model_validate(
        {"arrivals": phases, "keys": keys or {"kind": "one"}}
    )
    made = traffic.generate(seed=seed, duration_ns=round(duration_s * S))
    chunks = [(one.arrived_at_ns.copy(), one.key.copy()) for one in made.chunks]
    at_ns = np.concatenate([at for at, _ in chunks])
    return at_ns / S, np.concatenate([key for _, key in chunks])
