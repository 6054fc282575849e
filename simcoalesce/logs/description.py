"""Description: what was taken for granted of a log, and left out, as sentences."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from simcoalesce.logs.log import CLIENT_METHODS, Log
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.moments import written_instant
from simcoalesce.units import format_ratio

_FEW_RATIO: Final = 0.005
_FAR: Final = 10
"""Entries that are so many times as far from the rest as that is long are alone."""
_HOUR_NS: Final = 3_600 * 10**9
_DAY_NS: Final = 24 * _HOUR_NS
_SHOWN: Final = 4
_OTHER: Final = "no request"


def described(log: Log, spec: LogSpec) -> Log:
    """Return a log with its assumptions and warnings, and why nothing follows."""
    warnings = [*log.warnings, *_warnings(log, spec)]
    return replace(
        log,
        assumptions=(*log.assumptions, *_assumptions(log, spec)),
        warnings=tuple(warnings),
        no_verdict=_no_verdict(log),
    )


def _assumptions(log: Log, spec: LogSpec) -> Iterator[str]:
    asked = {"key", "host", "uri", "url", "path", "request"} & {*log.fields}
    if asked and not log.hosts and "key" not in log.fields:
        yield "it names no host, so keys are made of paths alone"
    if len(log.hosts) > 1 and spec.key_rule.has_host:
        yield f"it names {len(log.hosts):,} hosts, and keys tell them apart"
    if not {"method", "request"} & {*log.fields} and log.is_wall_clock:
        yield "it names no method, so all requests are GET"
    if log.starts == "ends":
        yield (
            "its times are ends and it says no duration, so requests are taken to start"
            " when they ended (say duration: {field: ..., unit: ms} if it has one)"
        )
    if log.starts == "reckoned":
        took = log.fields.get("duration", "duration")
        yield f"its times are ends, so starts are reckoned: {took} is taken off"


def _warnings(log: Log, spec: LogSpec) -> Iterator[str]:
    of = log.lines - log.bad - log.left_out.get(_OTHER, 0)
    counts = [f"{n:,} by {why}" for why, n in log.left_out.items() if why != _OTHER]
    if counts:
        said = f"{log.name}: of {of:,} requests are left out: {', '.join(counts)}"
        if spec.sample is not None:
            share = format_ratio(spec.sample.ratio)
            said += (
                f"; a sample of {share} has {share} of the load: rates, limits and"
                " queues are those of a smaller service"
            )
        yield said
    yield from _dropped_hosts(log, spec)
    yield from _lone_entries(log)


def _dropped_hosts(log: Log, spec: LogSpec) -> Iterator[str]:
    hosts = log.hosts
    if len(hosts) > 1 and not spec.key_rule.has_host:
        yield (
            f"{log.name} names {len(hosts):,} hosts and key: leaves them out, so that"
            f" /a of {hosts[0]} and of {hosts[1]} are one key; write key: [host, path]"
            " to tell them apart"
        )


def _lone_entries(log: Log) -> Iterator[str]:
    """Name entries that are years from all others: a wrong clock, a line of old."""
    count = max(1, int(len(log) * _FEW_RATIO))
    if not log.is_wall_clock or len(log) < 2 * count + 2:
        return
    for at_ns, word in ((log.at_ns, "from"), (-log.at_ns[::-1], "until")):
        gaps = np.diff(at_ns[: count + 1])
        last = int(np.argmax(gaps))
        span_ns = int(at_ns[-count - 1] - at_ns[last + 1])
        if gaps[last] < max(_HOUR_NS, _FAR * span_ns):
            continue
        lone_ns, next_ns = abs(int(at_ns[last])), abs(int(at_ns[last + 1]))
        kept_ns = next_ns if word == "from" else next_ns + 1_000_000_000
        yield (
            f"{log.name}: {last + 1:,} of {len(log):,} requests, at"
            f" {written_instant(lone_ns)}, {'is' if last == 0 else 'are'}"
            f" {_roughly(int(gaps[last]))} away from all others; to leave that out"
            f" write {word}: {written_instant(kept_ns)}"
        )


def _roughly(gap_ns: int) -> str:
    days = gap_ns // _DAY_NS
    return f"{days:,} days" if days > 1 else f"{gap_ns // _HOUR_NS} h"


def _no_verdict(log: Log) -> str:
    parsed = log.lines - log.bad
    if not len(log):
        words = ", ".join(word for word in log.left_out if word != _OTHER)
        return f"{log.name}: {words} leaves none of {parsed:,} requests"
    if log.bad * 2 > log.lines:
        return (
            f"{log.name}: {log.bad:,} of {log.lines:,} lines do not parse, more than"
            " half"
        )
    return ""


def unlike_gets(log: Log, methods: Collection[str] = CLIENT_METHODS) -> Iterator[str]:
    """Yield what of a log a cache model treats in its own way: methods, statuses.

    Args:
        log: The log.
        methods: Which methods a store may answer.
    """
    said = []
    others = _other_methods(log, methods)
    if others:
        said.append(
            f"{others}: they pass every store and flight (where: {{method: [GET,"
            " HEAD]} leaves them out)"
        )
    errors = _counts(log.status[log.status >= 400])
    if errors:
        said.append(
            f"{errors}: the model answers these requests itself, as all others"
            ' (where: {status: "<400"} leaves them out)'
        )
    if said:
        yield f"{log.name}: {'; '.join(said)}"


def _other_methods(log: Log, methods: Collection[str]) -> str:
    counts = np.bincount(log.method[log.method >= 0], minlength=len(log.methods))
    others = [
        f"{int(count):,} {name}"
        for name, count in zip(log.methods, counts, strict=True)
        if count and name not in methods
    ]
    return f"{_listed(others)} of {len(log):,} requests" if others else ""


def _counts(statuses: "np.ndarray[tuple[int, ...], np.dtype[np.int16]]") -> str:
    if not len(statuses):
        return ""
    values, counts = np.unique(statuses, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    shown = [f"{int(counts[i]):,} were answered {int(values[i])}" for i in order]
    return _listed(shown)


def _listed(texts: list[str]) -> str:
    return ", ".join(texts[:_SHOWN]) + (", ..." if len(texts) > _SHOWN else "")
