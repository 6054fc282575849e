"""Allowances: how much of a month's usage they leave to be paid."""

from fractions import Fraction
from math import floor
from typing import Final

from simcoalesce.cost.price_list import PriceLine

DAYS_PER_MONTH: Final = 30


def beyond(
    line: PriceLine, *, used: Fraction, events: Fraction, requests: Fraction
) -> Fraction:
    """Return how much of a month's usage exceeds the allowance of a line.

    Args:
        line: The line of the price list.
        used: What one event uses.
        events: How often it happens in the month.
        requests: How many worker requests one event makes.
    """
    if line.period == "day":
        return _beyond_daily(used, events, Fraction(line.included))
    allowance = Fraction(line.included)
    if line.period == "request":
        allowance *= requests * events
    return max(used * events - allowance, Fraction(0))


def _beyond_daily(used: Fraction, events: Fraction, included: Fraction) -> Fraction:
    """Sum the excess over the days, with whole events spread evenly.

    Whole events matter: one flash sale a month meets the allowance of one day, not of
    thirty. With 45 events, 15 days have two and 15 have one.
    """
    on_each = floor(events / DAYS_PER_MONTH)
    left = events - on_each * DAYS_PER_MONTH
    fuller = floor(left)
    days = (
        (Fraction(on_each + 1), fuller),
        (on_each + (left - fuller), 1),
        (Fraction(on_each), DAYS_PER_MONTH - fuller - 1),
    )
    return sum(
        (max(used * count - included, Fraction(0)) * number for count, number in days),
        start=Fraction(0),
    )
