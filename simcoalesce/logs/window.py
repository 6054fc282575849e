"""Window: which part of a log counts, by time and by sample."""

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from simcoalesce.logs.key_rule import KeyRule
from simcoalesce.logs.log import Log
from simcoalesce.logs.moments import WallClockInstant
from simcoalesce.randomness import Stream
from simcoalesce.units import format_ratio, parse_ratio

_ROWS: Final = (
    *("at_ns", "target", "method", "status", "duration_ns", "cache", "origin_ns"),
    *("origin_status", "location", "isolate"),
)
_HASHES: Final = 1 << 32


@dataclass(frozen=True)
class SampleRule:
    """Which share of a log counts.

    Attributes:
        ratio: So much of it.
        by: ``key``: all requests for some of the keys; ``request``: some of all.
    """

    ratio: float
    by: Literal["key", "request"] = "key"

    def is_taken(self, log: Log, rule: KeyRule) -> NDArray[np.bool_]:
        """Return whether each request is in the sample: the same ones every time."""
        if self.by == "request":
            drawn = Stream(0, "logs.sample").uniforms(np.arange(len(log)))
            return np.asarray(drawn < self.ratio, dtype=np.bool_)
        codes, names = log.keys(rule)
        most = self.ratio * _HASHES
        taken = np.array([*(crc32(name.encode()) < most for name in names), True])
        found: NDArray[np.bool_] = taken[codes]
        return found


def _sample(written: Any) -> SampleRule | None:
    if written is None or isinstance(written, SampleRule):
        return written
    by = "key"
    if isinstance(written, dict):
        if not {"ratio"} <= set(written) <= {"ratio", "by"}:
            raise ValueError("write e.g. sample: 10%, or {ratio: 10%, by: request}")
        by = written.get("by", "key")
        written = written["ratio"]
    ratio = parse_ratio(written)
    if by not in {"key", "request"}:
        raise ValueError(f'"{by}" is no way to sample; write key or request')
    if not ratio:
        raise ValueError("a sample of 0% has no requests")
    return SampleRule(ratio, "request" if by == "request" else "key")


def _written(rule: SampleRule | None) -> Any:
    if rule is None:
        return None
    ratio = format_ratio(rule.ratio)
    return ratio if rule.by == "key" else {"ratio": ratio, "by": rule.by}


Sample = Annotated[
    SampleRule | None,
    BeforeValidator(_sample),
    PlainSerializer(_written),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "number"}, {"type": "object"}],
            "examples": ["10%", {"ratio": "10%", "by": "request"}],
        }
    ),
]
"""A share of a log, by key or by request."""


def within(log: Log, begins: int | None, ends: int | None, zone: str) -> Log:
    """Return the requests of a log from one moment until before another."""
    if (begins is None and ends is None) or not len(log):
        return log
    first_ns = int(log.at_ns[0]) if log.is_wall_clock else 0
    from_ns = first_ns if begins is None else _at_ns(begins, first_ns, log, zone)
    low = int(np.searchsorted(log.at_ns, from_ns))
    high = len(log)
    if ends is not None:
        high = int(np.searchsorted(log.at_ns, _at_ns(ends, first_ns, log, zone)))
    left_out = {"from": low, "until": len(log) - max(high, low)}
    cut = _rows(log, slice(low, max(high, low)), left_out)
    return replace(cut, zero_ns=from_ns if begins is not None else log.zero_ns)


def _at_ns(moment: int, first_ns: int, log: Log, zone: str) -> int:
    if not isinstance(moment, WallClockInstant):
        return first_ns + moment
    if not log.is_wall_clock:
        raise ValueError(
            f"{log.name} counts from the start of a run: {moment.written} is in none"
            " of it; write a duration, e.g. from: 90s"
        )
    return moment.in_zone(zone)


def sampled(log: Log, sample: SampleRule | None, rule: KeyRule) -> Log:
    """Return a sample of a log."""
    if sample is None or not len(log):
        return log
    taken = sample.is_taken(log, rule)
    return _rows(log, taken, {"sample": len(log) - int(np.sum(taken))})


def _rows(log: Log, rows: Any, left_out: dict[str, int]) -> Log:
    columns = {name: getattr(log, name)[rows] for name in _ROWS}
    counted = {reason: count for reason, count in left_out.items() if count}
    return replace(
        log, **columns, left_out=MappingProxyType({**log.left_out, **counted})
    )
