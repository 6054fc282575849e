"""Bill of the mean usage: rounded once, with the spread of the prorated bills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import NamedTuple, Self

from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PricedUnit, PriceList

Usage = Mapping[str, float]
"""Counted operations of one run, by unit."""


class BillTerms(NamedTuple):
    """What makes usage a bill.

    Attributes:
        price_list: The prices.
        events: How often a run happens in a month; None for no monthly bill.
        base: What the rest of the month uses, by unit.
    """

    price_list: PriceList
    events: float | None = None
    base: Mapping[PricedUnit, float] | None = None

    def bill(self, usage: Usage) -> Bill:
        """Return the bill of a run's usage."""
        return Bill.of(usage, self.price_list, events=self.events, base=self.base)

    def prorated(self) -> "BillTerms":
        """Return the terms under which no begun million is billed as a whole one."""
        lines = tuple(
            line.model_copy(update={"round_up": False})
            for line in self.price_list.lines
        )
        return self._replace(
            price_list=self.price_list.model_copy(update={"lines": lines})
        )


@dataclass(frozen=True)
class RunBills:
    """Runs of one scenario, and what a month costs by all of them.

    A provider rounds once a month, and a month holds many runs: so the bill is that of
    their mean usage. A mean of bills, each rounded up, would be another number.

    Attributes:
        terms: The terms of the bill.
        usages: What each run uses.
        prorated_usd: What a month of such runs costs, prorated; None without a month.
    """

    terms: BillTerms
    usages: tuple[Usage, ...]
    prorated_usd: tuple[float | None, ...]

    def first(self, count: int) -> Self:
        """Return the first runs."""
        return replace(
            self, usages=self.usages[:count], prorated_usd=self.prorated_usd[:count]
        )

    def joined(self, more: "RunBills") -> Self:
        """Return these runs and others of the same scenario."""
        return replace(
            self,
            usages=self.usages + more.usages,
            prorated_usd=self.prorated_usd + more.prorated_usd,
        )

    def bill(self) -> Bill:
        """Return the bill of the mean usage."""
        return self.terms.bill(mean_usage(self.usages))

    def month_usd(self) -> tuple[float | None, ...]:
        """Return the month's bill, as a number of each run.

        Their mean is the bill of the mean usage; they spread as the prorated bills do.
        """
        known = [one for one in self.prorated_usd if one is not None]
        billed_usd = self.bill().cost_month_usd if known else None
        if billed_usd is None:
            return self.prorated_usd
        mean_usd = _mean(known)
        return tuple(billed_usd + (one - mean_usd) for one in known)


def mean_usage(usages: Sequence[Usage]) -> dict[str, float]:
    """Return the mean of what runs use, by unit."""
    return {unit: _mean([usage[unit] for usage in usages]) for unit in usages[0]}


def _mean(values: Sequence[float]) -> float:
    # Equal values have exactly their own mean.
    first = values[0]
    return first if values.count(first) == len(values) else fsum(values) / len(values)
