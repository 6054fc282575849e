"""Synthetic incidents: what the report has wrong is known, and what was seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from simcoalesce import Scenario
from simcoalesce.explain.calibration.hypothesis import Adjustment
from simcoalesce.explain.calibration.parameter import parameters
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.randomness import Stream

REPORT = """
duration: 150s
traffic:
  arrivals: [{kind: burst, requests: 400, within: 400ms, shape: SHAPE}]
  isolates: 1000
kv:
  read_latency: 5ms
  read_at: end
  write_latency: 80ms
  ttl: 60s
  writes_per_key: unlimited
origin:
  latency: 120ms
  rate_limit: {kind: token_bucket, rate: 40/s, burst: 80}
path: [kv.read, kv.write, origin]
month: {events: 40k}
"""
SEEN = (
    "requests",
    "origin_hits",
    "origin_rejected",
    "cache_hits",
    "followers",
    "latency_p50_s",
    "latency_p99_s",
    "miss_window_s",
    "origin_peak_rate_per_s",
    "cost_month_usd",
)
"""What is reported of a synthetic incident, besides its settings."""
_REPORTED_RATIO = 0.03
"""How exactly it is reported, to each side."""
_RANGES: dict[str, tuple[float, float]] = {
    "arrival_spread": (0.5, 2.0),
    "events_per_month": (0.4, 4.0),
    "kv_write_latency": (0.4, 3.0),
    "origin_latency": (0.5, 2.0),
    "quota": (0.4, 2.0),
    "quota_shape": (0.4, 2.0),
    "shared_flights": (20.0, 150.0),
    "ttl_cycle": (1.0, 2.0),
    "warm_locations": (0.2, 0.8),
}
"""The range of each parameter's settings; mechanisms have none."""
_LOCATIONS = f"locations: {{{', '.join(f'l{number}: 1' for number in range(20))}}}"
"""Where some locations are warm there are several."""


@dataclass(frozen=True)
class Synthetic:
    """An incident with its truth.

    Attributes:
        truth: The parameters that the report has wrong, and their settings.
        report: The scenario as reported, with what was seen of the truth.
    """

    truth: tuple[Adjustment, ...]
    report: Scenario


def synthetic(
    case: int, *, shape: str = "even", wrong: Sequence[str] | None = None
) -> Synthetic:
    """Return a random incident, of which one parameter is not as reported, or two are.

    It happened once, under a seed of its own.

    Args:
        case: Its number.
        shape: Of the burst.
        wrong: The parameters; drawn if absent.
    """
    stream = Stream(7, "tests.incidents")
    wrong = wrong or _drawn_parameters(stream, case)
    told = REPORT.replace("SHAPE", shape)
    if "warm_locations" in wrong:
        told = told.replace("  isolates: 1000", f"  {_LOCATIONS}\n  isolates: 50")
    edit, truth = ScenarioEdit(Scenario.parse(told)), []
    for place, kind in enumerate(wrong):
        low, high = _RANGES[kind]
        setting = low * (high / low) ** stream.uniform(case, 10 + place)
        if kind in ("ttl_cycle", "shared_flights"):
            setting = float(round(setting))
        (parameter,) = (one for one in parameters() if one.kind == kind)
        text = parameter.adjust(edit, setting).text
        truth.append(Adjustment(kind, setting, text))
    happened = ScenarioRunner(seed=1_000 + case, replications=1).measured(
        edit.scenario()
    )
    seen = "".join(
        f"  - {{text: {name}, that: {_about(name, mean)}}}\n"
        for name in SEEN
        if (mean := happened.estimate(name).mean) is not None
    )
    return Synthetic(tuple(truth), Scenario.parse(f"{told}observations:\n{seen}"))


def wrong_kinds() -> list[str]:
    """Return the kinds of the parameters that a report may have wrong."""
    return [one.kind for one in parameters() if not one.is_mechanism]


def _drawn_parameters(stream: Stream, case: int) -> list[str]:
    kinds = wrong_kinds()
    first = int(stream.uniform(case, 0) * len(kinds))
    second = int(stream.uniform(case, 1) * len(kinds))
    is_double = stream.uniform(case, 2) < 0.4 and second != first
    return [kinds[first], kinds[second]] if is_double else [kinds[first]]


def _about(name: str, mean: float) -> str:
    low, high = mean * (1 - _REPORTED_RATIO), mean * (1 + _REPORTED_RATIO)
    if name not in (
        "latency_p50_s",
        "latency_p99_s",
        "miss_window_s",
        "cost_month_usd",
    ):
        low, high = low - 3, high + 3
    return f"{name} >= {low:.6f} and {name} <= {high:.6f}"
