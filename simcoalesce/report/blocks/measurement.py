"""A measured run beside its prediction."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.estimate_text import value_or_dash
from simcoalesce.report.blocks.number_format import count, counted, duration

_HEADER: Final = (
    *("", "metric", "predicted", "on this machine", "measured", "agrees within"),
)


def agreement_block(
    run: Mapping[str, Any], agreement: Sequence[Mapping[str, Any]]
) -> Block:
    """Return the predicted beside the measured, and a verdict for each line.

    Args:
        run: What was measured on, and how, as the record of the run has it.
        agreement: The lines that were compared, as the record has them.
    """
    return Block(
        "Predicted and measured",
        header=_HEADER,
        rows=[_row(line) for line in agreement],
        numbers=(2, 3, 4, 5),
        notes=(_machine(run),),
    )


def agreement_sentence(agreement: Sequence[Mapping[str, Any]]) -> str:
    """Return on how many lines the prediction differs, and on which."""
    unlike = [str(line["metric"]) for line in agreement if line["verdict"] == "differs"]
    lines = counted(len(agreement), "line")
    if not unlike:
        return f"The prediction agrees on all {lines}."
    return f"The prediction differs on {len(unlike)} of {lines}: {', '.join(unlike)}."


def usage_block(usage: Mapping[str, float]) -> Block:
    """Return the operations that were counted."""
    rows = [(unit, count(quantity)) for unit, quantity in usage.items() if quantity]
    return Block("Usage", header=("", "counted"), rows=rows, numbers=(1,))


def _row(line: Mapping[str, Any]) -> tuple[str, ...]:
    unit = str(line["unit"])
    known = ("predicted", "predicted_with_host_latency", "measured")
    predicted, slowed, seen = (value_or_dash(line[name], unit) for name in known)
    low, high = (value_or_dash(end, unit) for end in line["agrees_within"])
    within = "-" if slowed == "-" else f"{low} to {high}"
    sign = "✓" if line["verdict"] == "agrees" else "✗"
    return sign, str(line["metric"]), predicted, slowed, seen, within


def _machine(run: Mapping[str, Any]) -> str:
    """Return what the host adds, in real time."""
    trip, late, work = (
        duration(run[part] * run["time_scale"])
        for part in ("round_trip_s", "timer_lag_s", "request_cpu_s")
    )
    return (
        f"This machine: a round trip takes {trip}; timers fire {late} late; a request"
        f" costs {work} of CPU."
    )
