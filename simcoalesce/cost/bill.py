"""Bills: what a run costs, and what a month of such runs costs, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, isfinite
from typing import Any, Final, NamedTuple

from simcoalesce.cost.allowance import DAYS_PER_MONTH, beyond
from simcoalesce.cost.price_list import PricedUnit, PriceLine, PriceList
from simcoalesce.cost.statement import BillLine, BillStatement, Charge, Exact

BASE_FEE: Final = "base_fee"
"""The unit of the line that is due without any use."""


@dataclass(frozen=True, slots=True)
class Bill:
    """Usage at the prices of one list: of the run itself, and of a month.

    Attributes:
        price_list: The prices.
        run: The run at list price: no allowance, no base fee, no rounding.
        month: A month of such runs; None if `events` is not given.
        base: The month without these runs; None if nothing else happens in it.
        warnings: What the plan does not serve at any price, in sentences.
    """

    price_list: PriceList
    run: BillStatement
    month: BillStatement | None
    warnings: tuple[str, ...]
    base: BillStatement | None = None

    @classmethod
    def of(
        cls,
        usage: Mapping[str, float],
        price_list: PriceList,
        *,
        events: float | None = None,
        base: Mapping[PricedUnit, float] | None = None,
    ) -> "Bill":
        """Return the bill of a run's usage.

        Args:
            usage: Counted operations of one run, by unit; units without a price are
                free.
            price_list: The prices.
            events: How often the run happens in a month; None for no monthly bill. The
                runs are spread evenly over 30 days, whole runs to a day.
            base: What the rest of the month uses, by unit, spread evenly over it: it
                takes of the allowances first.

        Raises:
            ValueError: If usage or events are negative or not finite.
        """
        used, rest = _Used.of(usage, price_list), _Used.of(base or {}, price_list)
        # Without a month, one run must still fit into the allowances.
        often = 1 if events is None else _exact("events", events)
        month = _month(used, price_list, often, rest)
        warnings = tuple(_warning(line, price_list) for line in month.exceeded)
        run = _run(used, price_list)
        if events is None:
            return cls(price_list, run, None, warnings)
        alone = _month(used, price_list, 0, rest) if base else None
        return cls(price_list, run, month, warnings, alone)

    @property
    def cost_usd(self) -> float:
        """What the run costs at list price."""
        return self.run.usd

    @property
    def cost_month_usd(self) -> float | None:
        """What the month costs; None without a month."""
        return self.month.usd if self.month else None

    @property
    def added_month_usd(self) -> float | None:
        """What the runs add to the month; None if they are all of it."""
        if self.month is None or self.base is None:
            return None
        return self.month.usd - self.base.usd

    def document(self) -> dict[str, Any]:
        """Return the bill as the result document shows it."""
        document = {
            "price_list": self.price_list.name,
            "currency": "USD",
            "run": self.run.document(),
            "month": self.month.document() if self.month else None,
        }
        return document | ({"base": self.base.document()} if self.base else {})


class _Used(NamedTuple):
    """Usage as a price list bills it."""

    of_lines: list[Exact]
    """By line of the price list."""
    requests: Exact
    """How many worker requests."""

    @classmethod
    def of(cls, usage: Mapping[Any, float], price_list: PriceList) -> "_Used":
        amounts = {unit: _exact(unit, amount) for unit, amount in usage.items()}
        is_refusal_billed = price_list.bills_refused_writes
        refused = amounts.get("kv_writes_refused", 0) if is_refusal_billed else 0
        of_lines = [
            amounts.get(line.unit, 0) + (refused if line.unit == "kv_writes" else 0)
            for line in price_list.lines
        ]
        return cls(of_lines, amounts.get("worker_requests", 0))


def _run(used: _Used, price_list: PriceList) -> BillStatement:
    charges = []
    for line, quantity in zip(price_list.lines, used.of_lines, strict=True):
        price = _unit_price(line.price_usd, line.per)
        billed = quantity if price is not None else 0
        charges.append(Charge(line.unit, line.title, quantity, billed, billed, price))
    basis = "the run at list price, without allowances and base fee"
    return BillStatement(basis, tuple(charges))


def _month(
    used: _Used, price_list: PriceList, events: Exact, base: _Used
) -> BillStatement:
    charges = []
    requests = used.requests * events + base.requests
    of_lines = zip(price_list.lines, used.of_lines, base.of_lines, strict=True)
    for line, once, rest in of_lines:
        quantity = once * events + rest
        over: Exact = 0
        if quantity:
            over = beyond(line, used=once, events=events, requests=requests, base=rest)
        price = _unit_price(line.price_usd, line.per)
        billed = _billed(line, over) if price is not None else 0
        charges.append(Charge(line.unit, line.title, quantity, over, billed, price))
    if price_list.base_fee is not None:
        fee = _unit_price(price_list.base_fee.price_usd, 1)
        charges.append(Charge(BASE_FEE, "Base fee", 1, 1, 1, fee))
    return BillStatement(_basis(events, base), tuple(charges))


def _basis(events: Exact, base: _Used) -> str:
    runs = f"{float(events):,.10g} runs in a month of {DAYS_PER_MONTH} days"
    rest = " and the rest of its traffic" if any(base.of_lines) else ""
    if not events:
        runs, rest = f"a month of {DAYS_PER_MONTH} days without these runs", ""
    return f"{runs}{rest}, after allowances, with the base fee"


def _billed(line: PriceLine, over: Exact) -> Exact:
    return ceil(Fraction(over, line.per)) * line.per if line.round_up and over else over


@lru_cache(maxsize=1_024)
def _unit_price(price_usd: Decimal | None, per: int) -> Fraction | None:
    return None if price_usd is None else Fraction(price_usd) / per


def _exact(name: str, amount: float) -> Exact:
    if not isfinite(amount) or amount < 0:
        raise ValueError(f"{name} is {amount}; it must be 0 or more")
    whole = int(amount)
    return whole if whole == amount else Fraction(amount)


def _warning(exceeded: BillLine, price_list: PriceList) -> str:
    line = next(line for line in price_list.lines if line.unit == exceeded.unit)
    return (
        f"{line.title}: {exceeded.not_served:,.10g} of {exceeded.quantity:,.10g} are"
        f" beyond the {line.included:,} a {line.period} that {price_list.name}"
        " includes, and more is not for sale: those fail"
    )
