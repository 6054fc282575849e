"""Instants at equal distances, exact to the nanosecond."""

from fractions import Fraction
from typing import Final

import numpy as np

from simcoalesce.traffic.drawn_instants import GridInstants
from simcoalesce.traffic.unit_process import Instants, blocks_of
from simcoalesce.units import NS_PER_S

# Within these bounds the product of a block's index and a denominator fits in 64 bits.
_LARGEST_DENOMINATOR: Final = 10**13


def instants_on_grid(step_ns: Fraction, count: int | None) -> GridInstants:
    """Return the instants ``i * step`` in whole nanoseconds, rounded down.

    Args:
        step_ns: The distance of two instants.
        count: How many instants; None never ends.
    """
    step = step_ns.limit_denominator(_LARGEST_DENOMINATOR)
    return GridInstants(_on_grid(step, count), step, count)


def _on_grid(step: Fraction, count: int | None) -> Instants:
    whole, part = divmod(step.numerator, step.denominator)
    for first, end in blocks_of(count):
        start, rest = divmod(first * step.numerator, step.denominator)
        i = np.arange(end - first)
        yield start + i * whole + (rest + i * part) // step.denominator


def instants_at_rate(rate_per_s: float, lasts_ns: int) -> GridInstants:
    """Return the instants of an even rate from zero on, all below `lasts_ns`.

    The rate is taken as it was written: ``20/min`` is one every 3 s exactly.
    """
    step_ns = NS_PER_S / Fraction(rate_per_s).limit_denominator(1_000_000)
    return instants_on_grid(step_ns, -int(-lasts_ns // step_ns))
