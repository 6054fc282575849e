"""python -m benchmarks.run: requests per second and memory, case by case.

Each measurement has a process of its own. The ratio is against the plain model in the
same run, so that it means the same on a fast machine and on a slow one.

    python -m benchmarks.run [--quick] [CASE ...]
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.cases import CASES, ENGINES, Case

_REPEATS = 5
_MANY = 1_000_000
_SMALL = 2_000
"""Requests of the warm-up: it compiles, and fills the caches of quantile tables."""


def measure(name: str, engine: str, requests: int) -> None:
    """Run a case, warm, and print the shortest time that it took as JSON."""
    simulate, case = ENGINES[engine], CASES[name]
    counts = simulate(case, min(_SMALL, requests))
    took_s = inf
    for _ in range(_REPEATS if requests < _MANY else 1):
        began_s = perf_counter()
        counts = simulate(case, requests)
        took_s = min(took_s, perf_counter() - began_s)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024
    print(json.dumps({"counts": counts, "s": took_s, "peak_mb": peak * unit / 1e6}))


def measured(case: Case, engine: str, requests: int) -> dict[str, Any]:
    """Return what a case took, in a process of its own."""
    words = ["--measure", case.name, engine, str(requests)]
    command = [sys.executable, "-m", "benchmarks.run", *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def rows(case: Case, requests: int) -> Iterator[str]:
    """Yield a line for each engine that knows a case; they must count the same."""
    taken = {
        engine: measured(case, engine, requests)
        for engine in ENGINES
        if engine != "plain" or case.coalescing
    }
    counts = {tuple(found["counts"]) for found in taken.values()}
    assert len(counts) == 1, f"{case.name}: the engines disagree: {taken}"
    ((came, hits, calls),) = counts
    base = taken.get("plain", {}).get("s")
    for engine, found in taken.items():
        ratio = f"{base / found['s']:.2f}" if base else "-"
        yield (
            f"| {case.name} | {came:,} | {hits / came:.2%} | {calls:,} | {engine} |"
            f" {came / found['s']:,.0f} | {ratio} | {found['peak_mb']:.0f} |"
        )


def started_s(*words: str) -> float:
    """Return how long a command takes, from its start to its end: the median."""
    command = [sys.executable, "-m", "simcoalesce", *words]
    taken = []
    for _ in range(_REPEATS):
        began_s = perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        taken.append(perf_counter() - began_s)
    return statistics.median(taken)


def report(names: list[str], *, quick: bool) -> Iterator[str]:
    """Yield the lines of the tables."""
    packages = ("simcoalesce", "simpy", "numpy", "numba")
    versions = ", ".join(f"{name} {_version(name)}" for name in packages)
    yield (
        f"{platform.machine()}, {os.cpu_count()} cores, {_processor()};"
        f" {platform.system()}; Python {platform.python_version()}, {versions}."
    )
    yield ""
    yield "| case | requests | hits | origin calls | engine | requests/s | ratio | MB |"
    yield "| --- | --: | --: | --: | --- | --: | --: | --: |"
    for name in names or CASES:
        for requests in CASES[name].sizes:
            if not quick or requests < _MANY:
                yield from rows(CASES[name], requests)
    sale = str(Path("scenarios", "flash-sale-9pm.yaml@first-burst"))
    yield ""
    yield f"`simcoalesce --help`: {started_s('--help') * 1e3:.0f} ms."
    run_s = started_s("run", "-q", sale, "-s", "expect=[]")
    yield f"800 requests, 30 replications, from start to end: {run_s * 1e3:.0f} ms."


def _version(name: str) -> str:
    try:
        return version(name)
    except ModuleNotFoundError:
        return "absent"


def _processor() -> str:
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Requests per second and memory.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="by default all")
    parser.add_argument("--quick", action="store_true", help="leave out a million")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        name, engine, requests = asked.measure
        measure(name, engine, int(requests))
        return
    for line in report(asked.cases, quick=asked.quick):
        print(line, flush=True)


if __name__ == "__main__":
    main()
