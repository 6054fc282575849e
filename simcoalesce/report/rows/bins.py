"""Time bins of a round width, and what falls into them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simcoalesce.report.rows.bin_width import FEWEST_BINS, bin_width_ns
from simcoalesce.report.rows.viewport import Viewport


def bin_edges_ns(viewport: Viewport, fewest: int = FEWEST_BINS) -> NDArray[np.int64]:
    """Return the edges of a viewport's time bins, shape (bins + 1,).

    They are whole multiples of a round width from its zero.
    """
    width = bin_width_ns(viewport.span_ns, fewest)
    first = (viewport.start_ns - viewport.zero_ns) // width
    last = -(-(viewport.end_ns - viewport.zero_ns) // width)
    return viewport.zero_ns + width * np.arange(first, last + 1, dtype=np.int64)


def counted_in(
    instants_ns: NDArray[np.int64], edges_ns: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return how many instants fall into each bin, shape (bins,)."""
    one_kind = np.zeros_like(instants_ns)
    counts: NDArray[np.int64] = binned(instants_ns, one_kind, [0], edges_ns)[0]
    return counts


def binned(
    instants_ns: NDArray[np.int64],
    classes: NDArray[np.int64],
    kinds: Sequence[int],
    edges_ns: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return how many instants of each kind fall into each bin.

    Args:
        instants_ns: When things happened, shape (n,).
        classes: What kind each is, shape (n,).
        kinds: The kinds to count, one row each.
        edges_ns: Edges of half-open bins of one width, shape (bins + 1,).

    Returns:
        Counts, shape (kinds, bins).
    """
    bins = len(edges_ns) - 1
    place = (instants_ns - edges_ns[0]) // (edges_ns[1] - edges_ns[0])
    is_inside = (place >= 0) & (place < bins)
    return np.array(
        [
            np.bincount(place[is_inside & (classes == kind)], minlength=bins)
            for kind in kinds
        ],
        dtype=np.int64,
    ).reshape(len(kinds), bins)
