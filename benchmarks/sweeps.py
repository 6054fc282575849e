"""python -m benchmarks.sweeps: what a point of a sweep takes, beside a bare loop.

The loop makes the traffic of each seed and sends it through the compiled engine,
over scenarios that are ready: no change to the YAML, no bill, no table, and of all the
metrics one that is a mere count. Both take turns in one process, and the ratio is of
processor time, so that it means the same on a fast machine, on a slow one, and on one
that is busy. After that, the command line from its start to its end.

    python -m benchmarks.sweeps [--points N] [--replications N]
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from math import isqrt
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final

from simcoalesce import Scenario
from simcoalesce.experiment.single_run import run_tally
from simcoalesce.experiment.sweeps.sweep import (
    Sweep,
    SweepPlan,
    simulate_points,
    sweep_plan,
)
from simcoalesce.metrics import origin_hits
from simcoalesce.processes import processors
from simcoalesce.scenario.axis import Axis

SCENARIO: Final = """\
version: 1
name: benchmark
seed: 1
duration: 1m
engine: compiled
traffic:
  arrivals: [{kind: burst, requests: 800, within: 400ms}]
  isolates: 400
kv: {read_latency: 5ms, write_latency: 80ms, writes_per_key: unlimited}
origin:
  latency: 120ms
  rate_limit: {kind: fixed_window, limit: 1500, per: 5m}
path: [kv.read, kv.write, origin]
month: {events: 20k}
"""
"""One burst of the flash sale."""

_ROUNDS: Final = 5


def axes(points: int) -> list[str]:
    """Return two axes whose grid has so many points, as -P takes them."""
    side = next(n for n in range(isqrt(points), 0, -1) if not points % n)
    if side == 1:
        raise ValueError(f"{points} points are no grid; take e.g. 1000")
    ends = f"1ms..400ms/{side}", f"1ms..400ms/{points // side}"
    return [f"kv.write_latency={ends[0]}", f"origin.latency={ends[1]}"]


def plan(points: int, replications: int) -> SweepPlan:
    """Return the sweep that is measured."""
    scenario = Scenario.parse(SCENARIO)
    grid = [Axis.parse(axis) for axis in axes(points)]
    return sweep_plan(scenario, grid, replications=replications)


def scenarios(wanted: SweepPlan) -> list[Scenario]:
    """Return the scenario of each point, ready to run."""
    base = wanted.scenario
    return [base.with_overrides(*wanted.overrides(point)) for point in wanted.points]


def loop(ready: Sequence[Scenario], wanted: SweepPlan) -> list[list[int]]:
    """Return the origin hits of every run, point by point, with nothing around them."""
    seeds = range(wanted.seed, wanted.seed + wanted.replications)
    return [
        [origin_hits(run_tally(scenario, seed=seed)) for seed in seeds]
        for scenario in ready
    ]


def swept(wanted: SweepPlan) -> list[list[int]]:
    """Return the same of a sweep."""
    return [*_origin_hits(simulate_points(wanted))]


def _origin_hits(found: Sweep) -> Iterator[list[int]]:
    for point in found.done:
        assert point.measured, point.failure
        values = point.measured.values["origin_hits"]
        yield [int(value) for value in values if value is not None]


def compared(wanted: SweepPlan) -> Iterator[str]:
    """Yield what a point takes in the loop and in the sweep, and the ratio."""
    ready = scenarios(wanted)
    assert loop(ready, wanted) == swept(wanted), "the sweep measures something else"
    ways: dict[str, Callable[[], object]] = {
        "loop": lambda: loop(ready, wanted),
        "sweep": lambda: swept(wanted),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            began_s = process_time()
            way()
            taken[name].append(process_time() - began_s)
    points = len(wanted.points)
    ratio = median(b / a for a, b in zip(taken["loop"], taken["sweep"], strict=True))
    for name, times_s in taken.items():
        yield f"{name:<6} {min(times_s) / points * 1e3:6.2f} ms of CPU a point"
    yield f"ratio  {ratio:6.2f} (median of {_ROUNDS})"


def from_the_command_line(points: int, replications: int, jobs: int) -> str:
    """Return what the command takes, from its start to its end, with its table."""
    with TemporaryDirectory() as folder:
        Path(folder, "benchmark.yaml").write_text(SCENARIO, encoding="utf-8")
        grid = [part for axis in axes(points) for part in ("-P", axis)]
        size = ["--reps", str(replications), "-j", str(jobs), "-o", "table.csv"]
        command = [sys.executable, "-m", "simcoalesce", "sweep", "benchmark.yaml"]
        began_s, worked_s = perf_counter(), _worked_s()
        subprocess.run(  # noqa: S603 - our own command
            [*command, *grid, *size], cwd=folder, check=True, capture_output=True
        )
        took_s, worked_s = perf_counter() - began_s, _worked_s() - worked_s
    return f"{took_s:.1f} s, with {worked_s:.1f} s of CPU"


def _worked_s() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="What a point of a sweep takes.")
    parser.add_argument("--points", type=int, default=1_000)
    parser.add_argument("--replications", type=int, default=30)
    asked = parser.parse_args()
    wanted = plan(min(asked.points, 100), asked.replications)
    print(f"{len(wanted.points)} points x {wanted.replications} x 800 requests:")
    for line in compared(wanted):
        print(f"  {line}", flush=True)
    print(f"{asked.points:,} points, from start to end, with a table:")
    for jobs in sorted({1, processors()}):
        took = from_the_command_line(asked.points, asked.replications, jobs)
        print(f"  -j {jobs}: {took}", flush=True)


if __name__ == "__main__":
    main()
