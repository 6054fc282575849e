"""HdrHistogram: the percentile distribution of latencies, as its plotters read it."""

from collections.abc import Iterator
from math import ceil, floor, log2
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.metrics.latency import answered_ns
from simcoalesce.report.export import Export

_TICKS_PER_HALF = 5


class Hgrm(Export):
    """The latencies of answered requests in ms, exact at each percentile.

    Five ticks for each halving of the distance to 100 %, as HdrHistogram writes them.

    Source:
        HdrHistogram 2.2, AbstractHistogram.outputPercentileDistribution.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".hgrm",)

    @override
    def needs_rows(self, name: str) -> bool:
        return True

    @override
    def text(self, result: Result) -> str:
        latencies = np.sort(answered_ns(result.outcomes)) / 1e6
        known = latencies if len(latencies) else np.zeros(1)
        mean, deviation, most = known.mean(), known.std(), known[-1]
        lines = [
            f"{'Value':>12} {'Percentile':>14} {'TotalCount':>10} 1/(1-Percentile)",
            "",
            *_lines(latencies),
            f"#[Mean    = {mean:12.3f}, StdDeviation   = {deviation:12.3f}]",
            f"#[Max     = {most:12.3f}, Total count    = {len(latencies):12}]",
            f"#[Buckets = {0:12}, SubBuckets     = {0:12}]",
        ]
        return "\n".join(lines) + "\n"


def _lines(latencies: NDArray[np.float64]) -> Iterator[str]:
    count = len(latencies)
    for share in _shares(count):
        rank = max(ceil(share * count - 1e-9), 1)
        # All that are equal to it count as reached, as in a histogram.
        value = latencies[rank - 1]
        reached = int(np.searchsorted(latencies, value, side="right"))
        rest = f" {1 / (1 - share):14.2f}" if share < 1 else ""
        yield f"{value:12.3f} {share:14.12f} {reached:10}{rest}"


def _shares(count: int) -> Iterator[float]:
    """Yield shares that approach 1 until less than one request is left above."""
    share = 0.0
    while count and (1 - share) * count >= 1:
        yield share
        halvings = floor(log2(1 / (1 - share)) + 1e-9) + 1
        share += 1 / (_TICKS_PER_HALF * 2**halvings)
    if count:
        yield 1.0
