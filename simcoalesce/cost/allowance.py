"""Allowances: how much of a month's usage they leave to be paid."""

from fractions import Fraction
from math import floor
from typing import Final

from simcoalesce.cost.price_list import PriceLine
from simcoalesce.cost.statement import Exact

DAYS_PER_MONTH: Final = 30


def beyond(
    line: PriceLine, *, used: Exact, events: Exact, requests: Exact, base: Exact = 0
) -> Exact:
    """Return how much of a month's usage exceeds the allowance of a line.

    Args:
        line: The line of the price list.
        used: What one event uses.
        events: How often it happens in the month.
        requests: How many worker requests the month makes.
        base: What the rest of the month uses, the same on each day.
    """
    if line.period == "day":
        # Exact, as a third of a read is no float.
        base_a_day = Fraction(base, DAYS_PER_MONTH) if base else 0
        return _beyond_daily(used, events, base_a_day, line.included)
    allowance: Exact = line.included
    if line.period == "request":
        allowance *= requests
    return max(used * events + base - allowance, 0)


def _beyond_daily(used: Exact, events: Exact, base: Exact, included: int) -> Exact:
    """Sum the excess over the days, with whole events spread evenly.

    Whole events matter: one flash sale a month meets the allowance of one day, not of
    thirty. With 45 events, 15 days have two and 15 have one.
    """
    on_each = floor(events / DAYS_PER_MONTH)
    left = events - on_each * DAYS_PER_MONTH
    fuller = floor(left)
    days = (
        (on_each + 1, fuller),
        (on_each + (left - fuller), 1),
        (on_each, DAYS_PER_MONTH - fuller - 1),
    )
    return sum(
        (max(used * count + base - included, 0) * number for count, number in days),
        start=0,
    )
