"""What was understood of a log, as a report."""

from collections.abc import Iterator, Sequence
from typing import Final

from simcoalesce.logs.inspection import Inspection, Share
from simcoalesce.report.blocks.number_format import count, counted, duration, share
from simcoalesce.report.blocks.report import Block, Report, Toned
from simcoalesce.units import format_duration

_MOST: Final = 10
_STARTS: Final = {
    "logged": "the starts of requests, as logged",
    "reckoned": "the starts of requests: the logged ends less the durations",
    "ends": "the ends of requests: the log has no duration to take off",
}


def log_report(seen: Inspection) -> Report:
    """Return what a log says, and what was taken for granted."""
    log = seen.log
    rate = seen.rate_per_s
    peak_ns, peak = seen.peak
    often = f", {rate:.3g} a second on average" if rate else ""
    return Report(
        title=log.name,
        subtitle=log.format,
        headline=(
            f"{counted(len(log), 'request')} in {duration(seen.span_s)}{often};"
            f" {count(peak)} in the second from {seen.instant_text(peak_ns)} on."
        ),
        blocks=tuple(_blocks(seen)),
    )


def _blocks(seen: Inspection) -> Iterator[Block]:
    yield Block("Instants", header=("", ""), rows=list(_instants(seen)))
    fields = list(seen.fields().items())
    yield Block("Fields", header=("field", "read from"), rows=fields)
    keys = seen.keys()
    yield _shares_block(f"Keys ({count(len(keys))})", "key", keys, len(seen.log))
    for title, name, shares in (
        ("Methods", "method", seen.methods()),
        ("Statuses", "status", seen.statuses()),
        ("Cache", "cache status", seen.cache_statuses()),
    ):
        if shares:
            yield _shares_block(title, name, shares, len(seen.log))
    durations = list(_durations(seen))
    if durations:
        header = ("", "p50", "p90", "p99")
        yield Block("Durations", header=header, rows=durations, numbers=(1, 2, 3))
    yield from _left(seen)


def _instants(seen: Inspection) -> Iterator[tuple[str, str]]:
    log = seen.log
    clock = "of a clock" if log.is_wall_clock else "since the run's start"
    yield "first", seen.instant_text(int(log.at_ns[0]))
    yield "last", seen.instant_text(int(log.at_ns[-1]))
    yield "they are", f"{_STARTS[log.starts]}, {clock}"
    yield "stamps", f"whole multiples of {format_duration(log.stamp_ns)}"


def _shares_block(title: str, name: str, shares: Sequence[Share], whole: int) -> Block:
    rest = sum(one.requests for one in shares[_MOST:])
    rows = [
        (one.name, count(one.requests), share(one.requests, whole))
        for one in [*shares[:_MOST], *([Share("others", rest)] if rest else ())]
    ]
    return Block(title, header=(name, "requests", ""), rows=rows, numbers=(1, 2))


def _durations(seen: Inspection) -> Iterator[tuple[str, ...]]:
    for name, column in (("request", "duration_ns"), ("origin", "origin_ns")):
        found = seen.quantiles_s(column)
        if found:
            yield name, *map(duration, found.values())


def _left(seen: Inspection) -> Iterator[Block]:
    """Yield what was not used, what was assumed, and the YAML."""
    log = seen.log
    lines = [
        *(f"{counted(n, 'line')}: {why}" for why, n in log.left_out.items() if n),
        *(f"{log.bad:,} of {log.lines:,} lines do not parse" for _ in [0] if log.bad),
        *log.bad_lines,
    ]
    if lines:
        yield Block("Not used", lines=lines)
    if log.assumptions:
        yield Block("Assumed", lines=[f"{one}." for one in log.assumptions])
    warnings = [one for one in log.warnings if "do not parse" not in one]
    if log.no_verdict:
        warnings.append(f"no verdict: {log.no_verdict}")
    if warnings:
        yield Block("Warnings", lines=[Toned(one, "warn") for one in warnings])
