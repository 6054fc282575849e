"""Allowances: how much of a month's usage they leave to be paid."""

from math import floor
from typing import Final

from simcoalesce.cost.price_list import PriceLine
from simcoalesce.cost.statement import Exact

DAYS_PER_MONTH: Final = 30


def beyond(line: PriceLine, *, used: Exact, events: Exact, requests: Exact) -> Exact:
    """Return how much of a month's usage exceeds the allowance of a line.

    Args:
        line: The line of the price list.
        used: What one event uses.
        events: How often it happens in the month.
        requests: How many worker requests one event makes.
    """
    if line.period == "day":
        return _beyond_daily(used, events, line.included)
    allowance: Exact = line.included
    if line.period == "request":
        allowance *= requests * events
    return max(used * events - allowance, 0)


def _beyond_daily(used: Exact, events: Exact, included: int) -> Exact:
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
        (max(used * count - included, 0) * number for count, number in days),
        start=0,
    )
