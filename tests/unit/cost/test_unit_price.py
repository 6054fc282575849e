"""Prices that a scenario says itself."""

from decimal import Decimal

import pytest

from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PricedUnit, PriceList
from simcoalesce.cost.unit_price import SOURCE, parse_unit_price, with_prices
from simcoalesce.scenario.scenario import Scenario

PAID = PriceList.load("cloudflare-workers-paid-2026-11")


def _with(**prices: str) -> PriceList:
    units: dict[PricedUnit, str] = prices  # type: ignore[assignment]
    return with_prices(PAID, {u: parse_unit_price(p) for u, p in units.items()})


def _scenario(prices: str) -> Scenario:
    return Scenario.parse(
        "traffic: {arrivals: [{kind: burst, requests: 8, within: 400ms}]}\n"
        f"path: [{{origin: {{latency: 1ms}}}}]\nprices: {prices}"
    )


@pytest.mark.parametrize(
    ("written", "price_usd", "per"),
    [
        ("0.40 per 1M", "0.40", 1_000_000),
        ("0.09 per GB", "0.09", 1_000_000_000),
        ("0.09/1GiB", "0.09", 1 << 30),
        (3, "3", 1),
    ],
)
def test_a_price_says_for_how_many(written: object, price_usd: str, per: int) -> None:
    """Exact, as published prices are."""
    price = parse_unit_price(written)

    assert (price.price_usd, price.per) == (Decimal(price_usd), per)
    assert parse_unit_price(price.text()) == price


def test_origin_calls_and_bytes_get_lines_of_their_own() -> None:
    """2M calls cost 0.80, 3 GB cost 0.27; the source is the scenario."""
    price_list = _with(origin_calls="0.40 per 1M", response_bytes="0.09 per GB")

    bill = Bill.of({"origin_calls": 2e6, "response_bytes": 3e9}, price_list, events=1)

    assert bill.month is not None
    assert bill.month.usd == pytest.approx(5 + 0.80 + 0.27)
    assert [line.source for line in price_list.lines[-2:]] == [SOURCE, SOURCE]
    assert bill.month.lines[-3].title == "Origin calls, price of the scenario"


def test_a_price_of_the_list_can_be_another() -> None:
    """The 10M reads that the list includes stay included."""
    bill = Bill.of({"kv_reads": 12e6}, _with(kv_reads="0.25 per 1M"), events=1)

    assert bill.cost_month_usd == 5 + 2 * 0.25


@pytest.mark.parametrize(
    ("prices", "says"),
    [
        ("{origin_cals: 3}", 'did you mean "origin_calls"'),
        ("{origin_calls: 3 EUR}", "write USD and for how many"),
        ("{origin_calls: 0.4 per 0}", "a price for nothing"),
        ("{origin_calls: 0.4 per GB}", "write 0.40 per 1M"),
        ("{response_bytes: 0.09}", "write 0.09 per GB"),
    ],
)
def test_what_is_no_price_is_refused(prices: str, says: str) -> None:
    """With what to write instead."""
    with pytest.raises(ValueError, match=says):
        _scenario(prices)


def test_a_scenario_s_prices_are_written_back() -> None:
    """What it says of prices is part of its document."""
    scenario = _scenario("{origin_calls: 0.40 per 1M}")

    assert scenario.document()["prices"] == {"origin_calls": "0.40 per 1000000"}
    assert scenario.load_bill_terms().price_list.lines[-1].unit == "origin_calls"
