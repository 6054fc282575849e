"""The agreement of a prediction and an observation, as a table of lines."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from simcoalesce.report.blocks.estimate_text import value_text
from simcoalesce.report.blocks.number_format import counted, duration
from simcoalesce.units import NS_PER_S

if TYPE_CHECKING:
    from simcoalesce.scenario.scenario import Scenario
    from simcoalesce.validation.agreement import Line
    from simcoalesce.validation.measure import MeasuredRun

_HEADINGS: Final = ("", "predicted", "on this machine", "measured", "agrees within")


def agreement_text(
    scenario: "Scenario",
    observation: "MeasuredRun",
    lines: Sequence["Line"],
    *,
    runtime: str,
) -> str:
    """Return the predicted beside the observed, and a verdict for each line.

    Args:
        scenario: What was run.
        observation: The run.
        lines: What was compared.
        runtime: What it ran on, with its version.
    """
    rows = [_HEADINGS, *(_cells(line) for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS))]
    signs = [" ", *("✓" if line.state == "agrees" else "✗" for line in lines)]
    table = [
        f"  {sign} {_aligned(row, widths)}".rstrip()
        for sign, row in zip(signs, rows, strict=True)
    ]
    heading = (
        f"{scenario.label} on {runtime}, seed {scenario.seed},"
        f" time scale {observation.scale:g}"
    )
    return "\n".join([heading, "", *table, "", _machine(observation), _verdict(lines)])


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        f"{cell:<{width}}" if not place else f"{cell:>{width}}"
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "   ".join([first, *others])


def _cells(line: "Line") -> tuple[str, ...]:
    low, high = (value_or_dash(end, line.unit) for end in (line.low, line.high))
    return (
        line.metric,
        value_or_dash(line.predicted, line.unit),
        value_or_dash(line.with_host_latency.mean, line.unit),
        value_or_dash(line.measured, line.unit),
        f"{low} to {high}" if line.with_host_latency.mean is not None else "-",
    )


def value_or_dash(value: float | None, unit: str) -> str:
    """Write a number in its unit; a dash if there is none."""
    return "-" if value is None else value_text(value, unit)


def _machine(observation: "MeasuredRun") -> str:
    latency, scale = observation.host_latency, observation.scale
    trip, late, work = (
        duration(part_ns * scale / NS_PER_S)
        for part_ns in (
            latency.round_trip_ns,
            latency.timer_lag_ns,
            latency.request_cpu_ns,
        )
    )
    return (
        f"This machine: a round trip takes {trip}; timers fire {late} late; a request"
        f" costs {work} of CPU."
    )


def _verdict(lines: Sequence["Line"]) -> str:
    unlike = sum(line.state == "differs" for line in lines)
    if not unlike:
        return f"All {len(lines)} lines agree." if lines[1:] else "The line agrees."
    return f"{unlike} of {counted(len(lines), 'line')} differ{'s' * (unlike == 1)}."
