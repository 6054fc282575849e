"""A measured run beside its prediction."""

from collections.abc import Mapping
from typing import Any, Final

from simcoalesce.report.blocks.estimate_text import value_or_dash
from simcoalesce.report.blocks.number_format import count, counted, duration
from simcoalesce.report.blocks.report import Block, Report, Toned
from simcoalesce.report.blocks.result import RUN_PICTURES
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.summary_sentence import sentence_of_run
from simcoalesce.validation.measurement import Measurement

_HEADER: Final = (
    *("", "metric", "predicted", "on this machine", "measured", "agrees within"),
)


def measurement_report(measured: Measurement) -> Report:
    """Return the predicted beside the measured, and what the run looked like."""
    scenario, run, usage = measured.scenario, measured.run, measured.outcomes.usage
    agreement = Block(
        "Predicted and measured",
        header=_HEADER,
        rows=[_row(line) for line in measured.agreement],
        numbers=(0, 2, 3, 4, 5),
        notes=(_machine(run),),
        pictures=RUN_PICTURES,
    )
    used = [(unit, count(quantity)) for unit, quantity in usage.items() if quantity]
    return Report(
        title=scenario.title or scenario.name,
        subtitle=f"{run['scenario']} · measured on {run['runtime']} · seed"
        f" {run['seed']} · time scale {run['time_scale']:g}",
        headline=f"{sentence_of_run(measured.outcomes)} {_agreement(measured)}",
        blocks=(
            agreement,
            Block("Usage", header=("", "counted"), rows=used, numbers=(1,)),
        ),
        subjects=(RunView(measured.outcomes, scenario, run["seed"]),),
        made_of=scenario,
    )


def _agreement(measured: Measurement) -> str:
    """Return on how many lines the prediction differs, and on which."""
    agreement = measured.agreement
    unlike = [str(line["metric"]) for line in agreement if line["verdict"] == "differs"]
    lines = counted(len(agreement), "line")
    if not unlike:
        return f"The prediction agrees on all {lines}."
    return f"The prediction differs on {len(unlike)} of {lines}: {', '.join(unlike)}."


def _row(line: Mapping[str, Any]) -> tuple[str, ...]:
    unit = str(line["unit"])
    known = ("predicted", "predicted_with_host_latency", "measured")
    predicted, slowed, seen = (value_or_dash(line[name], unit) for name in known)
    low, high = (value_or_dash(end, unit) for end in line["agrees_within"])
    within = "-" if slowed == "-" else f"{low} to {high}"
    agrees = line["verdict"] == "agrees"
    sign = Toned("✓", "good") if agrees else Toned("✗", "bad")
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
