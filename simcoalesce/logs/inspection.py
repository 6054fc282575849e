"""Inspection: what was understood of a log, in figures."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcoalesce.logs.cache_status import NOT_LOGGED, CacheStatus
from simcoalesce.logs.layout_choice import chosen_layout
from simcoalesce.logs.log import Log
from simcoalesce.logs.log_format import STANDARD_FIELDS
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from simcoalesce.logs.sources import blocks
from simcoalesce.units import NS_PER_S

_MOST: Final = 10
_FIRST_DATE_S: Final = 631_152_000
"""Before 1990, a time is none of a clock: a trace counts from its own start."""
_PLAIN: Final = re.compile(r"[A-Za-z_./][\w./-]*")
_QUANTILES: Final = (0.5, 0.9, 0.99)


class Share(NamedTuple):
    """How many requests have one value of a column."""

    name: str
    requests: int


@dataclass(frozen=True)
class Inspection:
    """What a log says, and how it was read.

    Attributes:
        log: What was read.
        spec: How.
    """

    log: Log
    spec: LogSpec

    @property
    def span_s(self) -> float:
        """From the first request to the last."""
        return float(self.log.at_ns[-1] - self.log.at_ns[0]) / NS_PER_S

    @property
    def rate_per_s(self) -> float | None:
        """Requests by time; None if all came within one stamp."""
        span_s = self.span_s
        return (len(self.log) - 1) / span_s if span_s > 0 else None

    @property
    def peak(self) -> tuple[int, int]:
        """The second with the most requests: its start in nanoseconds, and how many."""
        seconds, counts = np.unique(self.log.at_ns // NS_PER_S, return_counts=True)
        most = int(np.argmax(counts))
        return int(seconds[most]) * NS_PER_S, int(counts[most])

    def fields(self) -> dict[str, str]:
        """Return what each standard field was read from."""
        known = self.log.fields.items()
        return {name: of for name, of in known if name in STANDARD_FIELDS}

    def keys(self) -> list[Share]:
        """Return the keys under the spec's rule, the most asked for first."""
        codes, names = self.log.keys(self.spec.key_rule)
        return _shares(codes, names)

    def methods(self) -> list[Share]:
        """Return the methods, the most frequent first."""
        return _shares(self.log.method, self.log.methods)

    def statuses(self) -> list[Share]:
        """Return the statuses of the answers, the most frequent first."""
        values, counts = np.unique(self.log.status, return_counts=True)
        found = [
            Share(str(value), count)
            for value, count in zip(values.tolist(), counts.tolist(), strict=True)
            if value
        ]
        return sorted(found, key=lambda one: -one.requests)

    def cache_statuses(self) -> list[Share]:
        """Return what the cache did, the most frequent first."""
        return _shares(self.log.cache, [one.name for one in CacheStatus])

    def quantiles_s(self, column: str) -> dict[str, float]:
        """Return the quantiles of a duration; empty if it is not logged."""
        durations: NDArray[np.int64] = getattr(self.log, column)
        known = durations[durations != NOT_LOGGED]
        if not len(known):
            return {}
        found = np.quantile(known, _QUANTILES) / NS_PER_S
        return {
            f"p{quantile * 100:g}": float(value)
            for quantile, value in zip(_QUANTILES, found, strict=True)
        }

    def instant_text(self, at_ns: int) -> str:
        """Return an instant as people read it: a date, or seconds of the run."""
        if not self.log.is_wall_clock:
            return f"{at_ns / NS_PER_S:.9g} s"
        second, rest = divmod(at_ns, NS_PER_S)
        if second < _FIRST_DATE_S:
            return f"{at_ns / NS_PER_S:.9g} s"
        day = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        digits = f"{rest:09d}".rstrip("0")
        return f"{day}{'.' if digits else ''}{digits}Z"

    def yaml(self) -> str:
        """Return the arrivals of a scenario that read the log in the same way."""
        usual = LogSpec(file=self.spec.file).document()
        said = self.spec.document()
        words = {"kind": "replay", "file": said["file"], "format": self.log.format}
        if " + " in self.log.format:
            words.pop("format")
        words |= {
            name: value
            for name, value in said.items()
            if name not in {"file", "format", "bad_lines"} and value != usual[name]
        }
        first, *rest = (f"{name}: {_written(value)}" for name, value in words.items())
        return "\n".join(
            ["arrivals:", f"  - {first}", *(f"    {line}" for line in rest)]
        )

    def document(self) -> dict[str, Any]:
        """Return it for programs; counts are complete, keys are the first ten."""
        log = self.log
        peak_ns, peak = self.peak
        keys = self.keys()
        return {
            "files": log.name,
            "format": log.format,
            "fields": self.fields(),
            "requests": len(log),
            "lines": log.lines,
            "bad_lines": {"count": log.bad, "first": list(log.bad_lines)},
            "left_out": dict(log.left_out),
            "first": self.instant_text(int(log.at_ns[0])),
            "last": self.instant_text(int(log.at_ns[-1])),
            "span_s": self.span_s,
            "is_wall_clock": log.is_wall_clock,
            "stamp_s": log.stamp_ns / NS_PER_S,
            "starts": log.starts,
            "rate_per_s": self.rate_per_s,
            "peak_second": {"at": self.instant_text(peak_ns), "requests": peak},
            "keys": {"count": len(keys), "first": _table(keys[:_MOST])},
            "methods": _table(self.methods()),
            "statuses": _table(self.statuses()),
            "cache_statuses": _table(self.cache_statuses()),
            "duration_s": self.quantiles_s("duration_ns"),
            "origin_duration_s": self.quantiles_s("origin_ns"),
            "assumptions": list(log.assumptions),
            "warnings": list(log.warnings),
            "no_verdict": log.no_verdict,
            "yaml": self.yaml(),
        }


def is_recognised(spec: LogSpec) -> bool:
    """Whether every file has a format that is known."""
    try:
        for file in spec.file:
            chosen_layout(file, next(blocks(file), None), spec)
    except ValueError:
        return False
    return True


def bad_lines(spec: LogSpec) -> list[str]:
    """Return what is wrong with the lines of files of which none can be used."""
    allowed = spec.model_copy(update={"bad_lines_ratio": 0.0})
    try:
        read_log(allowed, ())
    except ValueError as error:
        return [str(error)]
    return []


def _shares(codes: NDArray[Any], names: Sequence[str]) -> list[Share]:
    """Return how often each name occurs; of those as frequent, the earlier first."""
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    order = np.argsort(-counts, kind="stable")
    return [Share(names[i], int(counts[i])) for i in order.tolist() if counts[i]]


def _table(shares: Sequence[Share]) -> dict[str, int]:
    return {one.name: one.requests for one in shares}


def _written(value: Any) -> str:
    """Return a value in YAML, in one line."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(value)
