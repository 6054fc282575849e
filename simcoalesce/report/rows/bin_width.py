"""Round widths of time bins."""

from typing import Final

from simcoalesce.units import NS_PER_S

_WIDTHS_NS: Final = (
    *(nice * 10**power for power in range(9) for nice in (1, 2, 5)),
    *(s * NS_PER_S for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800)),
    *(h * 3_600 * NS_PER_S for h in (1, 2, 3, 6, 12, 24, 168, 8_760)),
)
FEWEST_BINS: Final = 30


def bin_width_ns(span_ns: int, fewest: int = FEWEST_BINS) -> int:
    """Return the widest round width that gives at least `fewest` bins.

    Below a second it is 1, 2, 5, 10, 20, ... ns; above, what clocks count in.

    >>> bin_width_ns(400_000_000), bin_width_ns(3_600_000_000_000)
    (10000000, 120000000000)
    """
    fits = (width for width in reversed(_WIDTHS_NS) if width * fewest <= span_ns)
    return next(fits, 1)
