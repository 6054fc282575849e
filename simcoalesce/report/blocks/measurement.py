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
    """Return on how many lines the prediction agrees, and what the others lack."""
    verdicts = [str(line["verdict"]) for line in measured.agreement]
    lines = counted(len(verdicts), "line")
    unlike, vague = (
        [str(one["metric"]) for one in measured.agreement if one["verdict"] == verdict]
        for verdict in ("differs", "says nothing")
    )
    if unlike:
        differs = f"The prediction differs on {len(unlike)} of {lines}:"
        nothing = f"; {_say_nothing(len(vague))}" if vague else ""
        return f"{differs} {', '.join(unlike)}{nothing}."
    if not vague:
        return f"The prediction agrees on all {lines}."
    agree = len(verdicts) - len(vague)
    because = _because(measured)
    return f"{agree} of {lines} agree, {_say_nothing(len(vague))}: {because}."


def _say_nothing(count: int) -> str:
    return f"{count} {'says' if count == 1 else 'say'} nothing"


def _because(measured: Measurement) -> str:
    """Return why lines say nothing, and what would help."""
    run = measured.run
    causes = {line.get("says_nothing_because") for line in measured.agreement}
    said = []
    if "machine" in causes:
        trip = duration(run["round_trip_s"] * run["time_scale"])
        scale = run.get("advised_time_scale")
        advice = f"try --time-scale {scale:g}" if scale else "try a quieter machine"
        said.append(f"this machine is busy (round trip {trip}); {advice}")
    if "chance" in causes:
        said.append(
            "chance alone moves them as much; try more requests, or --repeats 5"
        )
    if "jump" in causes:
        said.append("a percentile lies where the latencies jump")
    return "; ".join(said)


_SIGNS: Final = {
    "agrees": Toned("✓", "good"),
    "differs": Toned("✗", "bad"),
    "says nothing": Toned("?", "warn"),
}


def _row(line: Mapping[str, Any]) -> tuple[str, ...]:
    unit = str(line["unit"])
    known = ("predicted", "predicted_with_host_latency", "measured")
    predicted, slowed, seen = (value_or_dash(line[name], unit) for name in known)
    low, high = (value_or_dash(end, unit) for end in line["agrees_within"])
    within = "-" if slowed == "-" else f"{low} to {high}"
    runs = [one["measured"] for one in line.get("repeats", ())]
    if any(one is not None for one in runs):
        ends = (f(one for one in runs if one is not None) for f in (min, max))
        least, most = (value_or_dash(end, unit) for end in ends)
        seen = f"{seen} ({least} to {most})"
    sign = _SIGNS[str(line["verdict"])]
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
