"""Bills: what a run costs, and what a month of such runs costs, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isfinite
from typing import Any, Final

from simcoalesce.cost.allowance import DAYS_PER_MONTH, beyond
from simcoalesce.cost.price_list import PriceLine, PriceList
from simcoalesce.cost.statement import BillLine, Charge, Statement, statement

BASE_FEE: Final = "base_fee"
"""The unit of the line that is due without any use."""


@dataclass(frozen=True, slots=True)
class Bill:
    """Usage at the prices of one list: of the run itself, and of a month.

    Attributes:
        price_list: The prices.
        run: The run at list price: no allowance, no base fee, no rounding.
        month: A month of such runs; None if nobody said how often it happens.
        warnings: What the plan does not serve at any price, in sentences.
    """

    price_list: PriceList
    run: Statement
    month: Statement | None
    warnings: tuple[str, ...]

    @classmethod
    def of(
        cls,
        usage: Mapping[str, float],
        price_list: PriceList,
        *,
        events: float | None = None,
    ) -> "Bill":
        """Return the bill of a run's usage.

        Args:
            usage: Counted operations of one run, by unit; units without a price are
                free.
            price_list: The prices.
            events: How often the run happens in a month; None for no monthly bill. The
                runs are spread evenly over 30 days, whole runs to a day.

        Raises:
            ValueError: If usage or events are negative or not finite.
        """
        amounts = {unit: _exact(unit, amount) for unit, amount in usage.items()}
        month = None
        if events is not None:
            month = _month(amounts, price_list, _exact("events", events))
        # Without a month, one run must still fit into the allowances.
        fits = month or _month(amounts, price_list, Fraction(1))
        warnings = tuple(_warning(line, price_list) for line in fits.exceeded)
        return cls(price_list, _run(amounts, price_list), month, warnings)

    @property
    def cost_usd(self) -> float:
        """What the run costs at list price."""
        return self.run.usd

    @property
    def cost_month_usd(self) -> float | None:
        """What the month costs; None if nobody said how often the run happens."""
        return self.month.usd if self.month else None

    def document(self) -> dict[str, Any]:
        """Return the bill as the result document shows it."""
        return {
            "price_list": self.price_list.name,
            "currency": "USD",
            "run": self.run.document(),
            "month": self.month.document() if self.month else None,
        }


def _run(amounts: Mapping[str, Fraction], price_list: PriceList) -> Statement:
    charges = []
    for line in price_list.lines:
        used = _used(line, amounts, price_list)
        is_for_sale = line.price_usd is not None
        billed = used if is_for_sale else Fraction(0)
        usd = billed * _unit_price(line)
        charges.append(Charge(line.unit, line.title, used, billed, billed, usd))
    return statement("the run at list price, without allowances and base fee", charges)


def _month(
    amounts: Mapping[str, Fraction], price_list: PriceList, events: Fraction
) -> Statement:
    requests = amounts.get("worker_requests", Fraction(0))
    charges = []
    for line in price_list.lines:
        used = _used(line, amounts, price_list)
        over = beyond(line, used=used, events=events, requests=requests)
        charges.append(_charge(line, quantity=used * events, over=over))
    if price_list.base_fee is not None:
        fee = Fraction(price_list.base_fee.price_usd)
        one = Fraction(1)
        charges.append(Charge(BASE_FEE, "Base fee", one, one, one, fee))
    basis = (
        f"{float(events):,.10g} runs in a month of {DAYS_PER_MONTH} days,"
        " after allowances, with the base fee"
    )
    return statement(basis, charges)


def _charge(line: PriceLine, *, quantity: Fraction, over: Fraction) -> Charge:
    if line.price_usd is None:
        nothing = Fraction(0)
        return Charge(
            line.unit, line.title, quantity, over, nothing, nothing, is_for_sale=False
        )
    billed = Fraction(ceil(over / line.per) * line.per) if line.round_up else over
    usd = billed * _unit_price(line)
    return Charge(line.unit, line.title, quantity, over, billed, usd)


def _unit_price(line: PriceLine) -> Fraction:
    return Fraction(line.price_usd or 0) / line.per


def _used(
    line: PriceLine, amounts: Mapping[str, Fraction], price_list: PriceList
) -> Fraction:
    used = amounts.get(line.unit, Fraction(0))
    if line.unit == "kv_writes" and price_list.bills_refused_writes:
        used += amounts.get("kv_writes_refused", Fraction(0))
    return used


def _exact(name: str, amount: float) -> Fraction:
    if not isfinite(amount) or amount < 0:
        raise ValueError(f"{name} is {amount}; it must be 0 or more")
    return Fraction(amount)


def _warning(exceeded: BillLine, price_list: PriceList) -> str:
    line = next(line for line in price_list.lines if line.unit == exceeded.unit)
    return (
        f"{line.title}: {exceeded.not_served:,.10g} of {exceeded.quantity:,.10g} are"
        f" beyond the {line.included:,} a {line.period} that {price_list.name}"
        " includes, and more is not for sale: those fail"
    )
