"""HdrHistogram's axis: the logarithm of one out of how many waits longer."""

from typing import Any, Final

from matplotlib.ticker import NullLocator

NAMED: Final = {
    1: "p0",
    2: "p50",
    10: "p90",
    100: "p99",
    1_000: "p99.9",
    10_000: "p99.99",
    100_000: "p99.999",
    1_000_000: "p99.9999",
}
"""Percentiles by one out of how many waits longer."""


def tail_axis(ax: Any, most: float) -> None:
    """Give axes percentiles on x and latencies in ms on y, from zero.

    Args:
        ax: matplotlib axes with one out of how many on x.
        most: The last of them; percentiles beyond it have no name.
    """
    shown = {at: name for at, name in NAMED.items() if at <= most}
    ax.set_xscale("log")
    ax.set_xlim(1, 1.25 * most)
    ax.set_xticks(list(shown), list(shown.values()))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_formatter(lambda ms, _: f"{ms:,.10g}")
    ax.set_ylabel("latency in ms")
    ax.set_xlabel("percentile; each step to the right is a tenth as many requests")
    ax.grid(visible=True, axis="x")
