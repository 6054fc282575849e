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

    @property
    def rounded_units(self) -> tuple[str, ...]:
        """The units of which a begun amount is billed as a whole one, and that vary."""
        rounded = (one.unit for one in self.terms.price_list.lines if one.round_up)
        return tuple(
            unit for unit in rounded if len({one.get(unit) for one in self.usages}) > 1
        )

    def rounding_usd(
        self, ends: Mapping[str, tuple[float, float]]
    ) -> tuple[float, float]:
        """Return how far the month may lie below and above its bill by rounding alone.

        Between the ends of a mean usage another amount may begin. The bill of any usage
        there is then at most what was rounded up lower, or one whole amount higher,
        than the prorated bills differ. 0 where no other amount can begin.

        Args:
            ends: Of the mean usage of `rounded_units`: the least and the most of it.
        """
        mean, below, above = mean_usage(self.usages), 0.0, 0.0
        least = mean | {unit: max(low, 0.0) for unit, (low, _) in ends.items()}
        most = mean | {unit: high for unit, (_, high) in ends.items()}
        months = [self.terms.bill(usage).month for usage in (mean, least, most)]
        charges = [month.charges for month in months if month]
        lines = self.terms.price_list.lines if charges else ()
        for line, now, low, high in zip(lines, *charges, strict=False):
            rounded = now.billed - now.beyond
            price_usd = float(now.price_usd or 0)
            below += price_usd * float(rounded) * (low.billed < now.billed)
            above += price_usd * float(line.per - rounded) * (high.billed > now.billed)
        return below, above

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
