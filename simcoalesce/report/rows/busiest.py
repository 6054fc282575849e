"""The busiest part of a run: when most of something happens."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.report.rows.bin_width import bin_width_ns

_FEWEST_BINS: Final = 200
_FEWEST: Final = 10
"""Of what happens in a bin, for it to stand out."""
_LEAST_SHARE: Final = 0.05
"""Of all that happens: less is one of many alike."""


def busiest_span_ns(
    instants_ns: NDArray[np.int64], start_ns: int, end_ns: int
) -> tuple[int, int] | None:
    """Return from when until when most of something happens.

    Around the fullest of a few hundred bins, as far as bins hold a quarter of what it
    holds beyond the usual; one bin below that is passed over.

    Args:
        instants_ns: When it happens, shape (n,).
        start_ns: The begin of the run.
        end_ns: Its end.

    Returns:
        Begin and end; None if no bin stands out, or if that is little of all.
    """
    width_ns = bin_width_ns(end_ns - start_ns, _FEWEST_BINS)
    first = start_ns // width_ns
    counts = np.bincount(instants_ns // width_ns - first) if len(instants_ns) else ()
    counts = np.append(counts, np.zeros(max(_FEWEST_BINS - len(counts), 0)))
    most, usual = counts.max(), float(np.median(counts))
    if most < max(_FEWEST, 3 * usual):
        return None
    is_full = counts >= usual + (most - usual) / 4
    # A bin between two full ones belongs to them.
    is_full[1:-1] |= is_full[:-2] & is_full[2:]
    peak = int(np.argmax(counts))
    below = np.flatnonzero(~is_full)
    begin = int(below[below < peak].max(initial=-1)) + 1
    end = int(below[below > peak].min(initial=len(counts)))
    if counts[begin:end].sum() < _LEAST_SHARE * counts.sum():
        return None
    return int((first + begin) * width_ns), int((first + end) * width_ns)
