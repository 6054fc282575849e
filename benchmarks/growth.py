"""python -m benchmarks.growth: how time and memory grow, as a picture.

One thing grows at a time: the requests of a traffic, their keys, and the isolates that
they land on. Each point is a process of its own, warm; its memory is what the process
came to hold beyond a warm-up of 2,000 requests.

    python -m benchmarks.growth [-o docs/performance-growth.svg]
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from benchmarks.cases import ROOT, Case
from benchmarks.run import machine, measured
from simcoalesce.report.drawing.figure import save
from simcoalesce.report.drawing.style import chart_style

_TRAFFIC: Final = 100_000
_KEYS: Final = "{{kind: zipf, s: 1, n: {}}}"
CASE: Final = Case(
    "growth",
    path="[kv.read, single_flight, kv.write, origin]",
    keys=_KEYS.format(10_000),
    model="growth",
)
_LOOKS: Final = {
    "simcoalesce, SimPy": ("#c4622d", "o", "SimPy engine"),
    "simcoalesce, compiled": ("#1f6f9c", "s", "compiled, a row for each request"),
    "the same, without rows": ("#4d8f4d", "^", "compiled, counts only"),
}
_TITLE: Final[dict[str, Any]] = {"fontsize": 12.5, "fontweight": "bold"}
_UNDER: Final = (0.12, 0.945)
"""Where the legend stands, in the figure."""
_ROWS: Final = 1_000_000
"""So many requests with a row for each; counts only go further."""


class Point(NamedTuple):
    """What one size took."""

    grown: str
    size: int
    engine: str
    s: float
    mb: float


def sizes() -> Iterator[tuple[str, int, Case, int]]:
    """Yield what grows, how far, and the case and number of requests that makes."""
    for requests in (1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000):
        yield "requests", requests, CASE, requests
    for keys in (1, 100, 10_000, 1_000_000):
        yield "keys", keys, replace(CASE, keys=_KEYS.format(keys)), _TRAFFIC
    for isolates in (1, 100, 10_000, 1_000_000):
        yield "isolates", isolates, replace(CASE, isolates=isolates), _TRAFFIC


def points() -> Iterator[Point]:
    """Measure each size with each engine."""
    for grown, size, case, requests in sizes():
        for engine in _LOOKS:
            if requests <= _ROWS or engine == "the same, without rows":
                found = measured(case, engine, requests)
                mb = found["peak_mb"] - found["warm_mb"]
                yield Point(grown, size, engine, found["s"], max(mb, 0.0))


def drawn(measurements: list[Point]) -> Figure:
    """Return the picture: a column for each thing that grows, time above memory."""
    figure = Figure(figsize=(10, 5.6))
    grown = list(dict.fromkeys(point.grown for point in measurements))
    panels = figure.subplots(2, len(grown), sharey="row", sharex="col", squeeze=False)
    for column, what in enumerate(grown):
        for engine, (colour, marker, label) in _LOOKS.items():
            mine = [p for p in measurements if (p.grown, p.engine) == (what, engine)]
            sizes = [point.size for point in mine]
            style: dict[str, Any] = {"color": colour, "marker": marker, "ms": 4}
            seconds, memory = panels[0, column], panels[1, column]
            seconds.loglog(sizes, [p.s for p in mine], label=label, **style)
            memory.loglog(sizes, [max(p.mb, 1.0) for p in mine], **style)
        fixed = "" if what == "requests" else f" ({_TRAFFIC:,} requests)"
        panels[1, column].set_xlabel(f"{what}{fixed}")
        panels[1, column].xaxis.set_major_formatter(EngFormatter(sep=""))
    panels[0, 0].set_ylabel("time")
    panels[0, 0].yaxis.set_major_formatter(EngFormatter("s"))
    panels[1, 0].set_ylabel("memory in MB")
    panels[1, 0].yaxis.set_major_formatter("{x:,g}")
    figure.subplots_adjust(top=0.87, hspace=0.12, wspace=0.08)
    above: dict[str, Any] = {"transform": figure.transFigure}
    panels[0, 0].text(0.125, 0.96, headline(measurements), **above, **_TITLE)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper left", ncols=3, bbox_to_anchor=_UNDER)
    return figure


def headline(measurements: list[Point]) -> str:
    """Say what the longest run took."""
    most = max(measurements, key=lambda point: (point.grown == "requests", point.size))
    return (
        f"{most.size:,} requests take {most.s:.1f} s and {most.mb:.0f} MB, if only"
        " counts are kept"
    )


def main() -> None:
    """Measure, draw, and print the points as a table in Markdown."""
    parser = argparse.ArgumentParser(description="How time and memory grow.")
    default = ROOT / "docs" / "performance-growth.svg"
    parser.add_argument("-o", "--output", type=Path, default=default, metavar="FILE")
    asked = parser.parse_args()
    print(machine())
    print("\n| grows | to | engine | s | MB |\n| --- | --: | --- | --: | --: |")
    measurements: list[Point] = []
    for point in points():
        measurements.append(point)
        grown, size, engine, s, mb = point
        print(f"| {grown} | {size:,} | {engine} | {s:.3g} | {mb:.0f} |", flush=True)
    with chart_style():
        save(drawn(measurements), asked.output, headline(measurements))


if __name__ == "__main__":
    main()
