"""An observed run as a page: what was predicted beside it, charts, the scenario."""

from collections.abc import Iterator, Mapping
from typing import Any

from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.number_format import count, counted, duration
from simcoalesce.report.blocks.summary_sentence import sentence_of_run
from simcoalesce.report.html.inline_picture import all_charts
from simcoalesce.report.html.page import block_html, page
from simcoalesce.report.html.result_page import made_of
from simcoalesce.report.terminal.agreement import value_or_dash
from simcoalesce.scenario.effective_config import plain_config
from simcoalesce.validation.measurement import Measurement


def measurement_page(observed: Measurement) -> str:
    """Return an observed run as one HTML file; the same record, the same bytes."""
    scenario, run = observed.scenario, observed.run
    under = (
        f"{run['scenario']} · measured on {run['runtime']} · seed {run['seed']} ·"
        f" time scale {run['time_scale']:g}"
    )
    title = scenario.title or scenario.name
    lead = f"{sentence_of_run(observed.outcomes)} {_verdict(observed)}"
    return page(title, under, lead, _parts(observed))


def _verdict(observed: Measurement) -> str:
    unlike = [
        str(line["metric"])
        for line in observed.agreement
        if line["verdict"] == "differs"
    ]
    lines = counted(len(observed.agreement), "line")
    if not unlike:
        return f"The prediction agrees on all {lines}."
    return f"The prediction differs on {len(unlike)} of {lines}: {', '.join(unlike)}."


def _parts(observed: Measurement) -> Iterator[str]:
    scenario = observed.scenario
    yield from block_html(_agreement(observed))
    yield from all_charts(observed.outcomes, scenario)
    yield from block_html(_usage(observed))
    yield from made_of(scenario.sha256, "The whole scenario", plain_config(scenario))


def _agreement(observed: Measurement) -> Block:
    trip, late, work = (
        duration(observed.run[part] * observed.run["time_scale"])
        for part in ("round_trip_s", "timer_lag_s", "request_cpu_s")
    )
    machine = (
        f"The machine: a round trip takes {trip}; timers fire {late} late; a request"
        f" costs {work} of CPU."
    )
    return Block(
        "Predicted and measured",
        header=("", "predicted", "on this machine", "measured", "agrees within", ""),
        rows=[_row(line) for line in observed.agreement],
        numbers=(1, 2, 3, 4),
        notes=(machine,),
    )


def _row(line: Mapping[str, Any]) -> tuple[str, ...]:
    unit = str(line["unit"])
    known = ("predicted", "predicted_with_host_latency", "measured")
    predicted, slowed, seen = (value_or_dash(line[name], unit) for name in known)
    low, high = (value_or_dash(end, unit) for end in line["agrees_within"])
    return line["metric"], predicted, slowed, seen, f"{low} to {high}", line["verdict"]


def _usage(observed: Measurement) -> Block:
    used = observed.outcomes.usage.items()
    return Block(
        "What it took",
        header=("", "counted"),
        rows=[(unit, count(quantity)) for unit, quantity in used if quantity],
        numbers=(1,),
    )
