"""python -m benchmarks.run: requests per second and memory, case by case, in Markdown.

Each measurement has a process of its own. The ratio is against the plain SimPy model
in the same run, so that it means the same on a fast machine and on a slow one. Peers
are measured where they are installed (extra `[peers]`).

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
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter, strftime
from typing import Any, Final

from benchmarks.cases import CASES, Case, Counts
from benchmarks.engines import ENGINES

_REPEATS: Final = 5
_ENOUGH_S: Final = 1.5
"""Who has taken so long is not repeated."""
_MANY: Final = 1_000_000
_SMALL: Final = 2_000
"""Requests of the warm-up: it compiles, and fills the caches of quantile tables."""
_PACKAGES: Final = (
    *("simcoalesce", "simpy", "numpy", "numba"),
    *("ciw", "happysim", "salabim"),
)


def measure(case: Case, engine: str, requests: int) -> None:
    """Run a case, warm, and print the shortest time that it took as JSON."""
    simulate = ENGINES[engine].simulate
    counts = simulate(case, min(_SMALL, requests))
    warm_mb = _peak_mb()
    taken: list[float] = []
    while len(taken) < _REPEATS and sum(taken) < _ENOUGH_S:
        began_s = perf_counter()
        counts = simulate(case, requests)
        taken.append(perf_counter() - began_s)
    found = {"counts": counts, "s": min(taken), "warm_mb": warm_mb}
    print(json.dumps({**found, "peak_mb": _peak_mb()}))


def _peak_mb() -> float:
    """Return the most memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e6


def measured(case: Case, engine: str, requests: int) -> dict[str, Any]:
    """Return what a case took, in a process of its own."""
    words = ["--measure", json.dumps(asdict(case)), engine, str(requests)]
    command = [sys.executable, "-m", "benchmarks.run", *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return {**found, "counts": Counts(*found["counts"])}


def rows(case: Case, requests: int) -> Iterator[str]:
    """Yield a line for each engine that knows a case; they must count the same."""
    taken = {
        name: measured(case, name, requests)
        for name, engine in ENGINES.items()
        if engine.knows(case, requests)
    }
    base, *others = (found["counts"] for found in taken.values())
    assert all(other.agrees(base) for other in others), f"{case.name}: {taken}"
    hits = f"{base.hits / base.requests:.2%}"
    base_s = taken.get("plain SimPy", {}).get("s")
    for name, found in taken.items():
        ratio = f"{base_s / found['s']:.2f}" if base_s else "-"
        yield (
            f"| {case.name} | {base.requests:,} | {hits} | {base.origin_hits:,} |"
            f" {name} | {base.requests / found['s']:,.0f} | {ratio} |"
            f" {found['peak_mb']:.0f} |"
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
    yield machine()
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


def machine() -> str:
    """Return when and where this is measured, and with what."""
    return (
        f"{strftime('%d %B %Y')}: {platform.machine()}, {os.cpu_count()} cores,"
        f" {_processor()}; {platform.system()}; Python {platform.python_version()},"
        f" {', '.join(_versions())}."
    )


def _versions() -> Iterator[str]:
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"


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
        case, engine, requests = asked.measure
        measure(Case(**json.loads(case)), engine, int(requests))
        return
    for line in report(asked.cases, quick=asked.quick):
        print(line, flush=True)


if __name__ == "__main__":
    main()
