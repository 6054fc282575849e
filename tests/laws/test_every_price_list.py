"""What every price list obeys."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PricedUnit, PriceList, price_list_names

_EVERY = pytest.mark.parametrize("name", price_list_names())
_UNITS = st.sampled_from(get_args(PricedUnit))
_AMOUNTS = st.floats(0, 1e9)
_USAGE = st.dictionaries(_UNITS, _AMOUNTS)
_EVENTS = st.floats(0, 1e5)


@_EVERY
@given(usage=_USAGE, events=_EVENTS, unit=_UNITS, more=_AMOUNTS)
def test_a_bill_is_monotone_in_usage(
    name: str, usage: dict[str, float], events: float, unit: str, more: float
) -> None:
    """Using more of anything never costs less, in the run or in the month."""
    price_list = PriceList.load(name)
    grown = usage | {unit: usage.get(unit, 0.0) + more}

    less = Bill.of(usage, price_list, events=events)
    greater = Bill.of(grown, price_list, events=events)

    assert less.run.usd <= greater.run.usd
    assert (less.cost_month_usd or 0) <= (greater.cost_month_usd or 0)


@_EVERY
@given(usage=_USAGE, events=_EVENTS, more=_EVENTS)
def test_a_month_is_monotone_in_events(
    name: str, usage: dict[str, float], events: float, more: float
) -> None:
    """A run that happens more often never makes a cheaper month."""
    price_list = PriceList.load(name)

    seldom = Bill.of(usage, price_list, events=events).cost_month_usd
    often = Bill.of(usage, price_list, events=events + more).cost_month_usd

    assert (seldom or 0) <= (often or 0)


@_EVERY
@given(usage=_USAGE, events=_EVENTS)
def test_no_figure_of_a_bill_is_negative(
    name: str, usage: dict[str, float], events: float
) -> None:
    """Allowances take off what is used, never more."""
    bill = Bill.of(usage, PriceList.load(name), events=events)
    assert bill.month is not None
    lines = (*bill.run.lines, *bill.month.lines)

    figures = [
        figure
        for line in lines
        for figure in (line.quantity, line.included, line.billed, line.usd)
    ]

    assert min(figures) >= 0


@_EVERY
@given(usage=_USAGE, events=_EVENTS)
def test_the_lines_make_the_sum(
    name: str, usage: dict[str, float], events: float
) -> None:
    """Charges add up to the statement, and shares to one."""
    month = Bill.of(usage, PriceList.load(name), events=events).month
    assert month is not None

    assert sum(line.usd for line in month.lines) == pytest.approx(month.usd)
    assert sum(line.share for line in month.lines) == pytest.approx(
        1.0 if month.usd else 0.0
    )


@_EVERY
def test_no_use_costs_the_base_fee(name: str) -> None:
    """A plan that nobody uses costs its fee and no more."""
    price_list = PriceList.load(name)
    fee = float(price_list.base_fee.price_usd) if price_list.base_fee else 0.0

    assert Bill.of({}, price_list, events=0).cost_month_usd == fee


@_EVERY
def test_every_line_says_where_it_was_read(name: str) -> None:
    """A price without a source is a rumour."""
    price_list = PriceList.load(name)
    sources = [line.source for line in price_list.lines]
    if price_list.base_fee is not None:
        sources.append(price_list.base_fee.source)

    unsourced = [source for source in sources if "https://" not in source]

    assert unsourced == []


@_EVERY
def test_the_name_ends_in_the_month_of_the_prices(name: str) -> None:
    """Prices are dated: changed ones are a new file."""
    read_on = {line.read_on for line in PriceList.load(name).lines}

    assert {f"{day:%Y-%m}" for day in read_on} == {name[-7:]}
