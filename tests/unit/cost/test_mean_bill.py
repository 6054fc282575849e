"""The month's bill is that of the mean usage, rounded once."""

import pytest

from simcoalesce.cost.mean_bill import BillTerms, RunBills
from simcoalesce.cost.price_list import PriceList

PAID = PriceList.load("cloudflare-workers-paid-2026-11")


def _bills(*object_requests: float) -> RunBills:
    terms = BillTerms(PAID, events=1)
    usages = tuple({"object_requests": one} for one in object_requests)
    prorated = terms.prorated()
    return RunBills(
        terms, usages, tuple(prorated.bill(one).cost_month_usd for one in usages)
    )


def test_the_mean_usage_is_rounded_once() -> None:
    """1.2M and 2.6M are 1.9M on average: one begun million beyond the first, 0.15.

    The mean of the two bills, of one and of two begun millions, is 0.225.
    """
    bills = _bills(1.2e6, 2.6e6)

    assert bills.bill().cost_month_usd == pytest.approx(5.15)
    assert sum(one or 0 for one in bills.month_usd()) / 2 == pytest.approx(5.15)


def test_the_spread_is_that_of_the_prorated_bills() -> None:
    """0.2M and 1.6M beyond the allowance are 0.03 and 0.24."""
    low, high = _bills(1.2e6, 2.6e6).month_usd()

    assert low is not None
    assert high is not None
    assert high - low == pytest.approx(0.24 - 0.03)


def test_equal_runs_have_exactly_their_bill() -> None:
    """No interval is wider than none."""
    assert _bills(1.2e6, 1.2e6, 1.2e6).month_usd() == (5.15, 5.15, 5.15)


def test_the_first_runs_have_a_bill_of_their_own() -> None:
    """Of 1.2M alone."""
    bills = _bills(1.2e6, 2.6e6)

    assert bills.first(1).month_usd() == (5.15,)
    assert bills.first(1).joined(_bills(2.6e6)) == bills


def test_without_a_month_no_run_has_a_bill() -> None:
    """Nobody said how often it happens."""
    bills = RunBills(BillTerms(PAID), ({"kv_reads": 1},), (None,))

    assert bills.month_usd() == (None,)


@pytest.mark.parametrize(
    ("ends", "usd"),
    [
        ((1.1e6, 1.9e6), (0.0, 0.0)),
        ((0.9e6, 1.9e6), (0.15 * 0.4, 0.0)),
        ((1.1e6, 2.1e6), (0.0, 0.15 * 0.6)),
        ((0.9e6, 2.1e6), (0.15 * 0.4, 0.15 * 0.6)),
        ((-1.0, 1.9e6), (0.15 * 0.4, 0.0)),
    ],
)
def test_where_another_million_may_begin_the_bill_may_be_another(
    ends: tuple[float, float], usd: tuple[float, float]
) -> None:
    """1.6M are 0.6M beyond the allowance, and 0.4M are rounded up."""
    bills = _bills(1.2e6, 2.0e6)

    assert bills.rounded_units == ("object_requests",)
    assert bills.rounding_usd({"object_requests": ends}) == pytest.approx(usd)


def test_equal_usage_is_no_chance() -> None:
    """Nothing that varies is rounded."""
    assert _bills(1.2e6, 1.2e6).rounded_units == ()
