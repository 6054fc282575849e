"""Statements: charges, their sum, and the line that makes it."""

from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

Exact: TypeAlias = int | Fraction
"""An amount without rounding; whole ones are whole numbers, which are far faster."""


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a statement.

    Attributes:
        unit: What was counted, e.g. kv_reads.
        title: The name of the line.
        quantity: How much was used.
        included: How much of it the allowance covered.
        billed: How much is charged, after rounding.
        usd: The charge.
        share: Its share of the statement, in [0, 1]; 0 if the statement is 0.
        not_served: How much exceeded an allowance beyond which nothing is for sale.
    """

    unit: str
    title: str
    quantity: float
    included: float
    billed: float
    usd: float
    share: float
    not_served: float


class Charge(NamedTuple):
    """A line in exact arithmetic, before the sum is known."""

    unit: str
    title: str
    quantity: Exact
    beyond: Exact
    billed: Exact
    price_usd: Fraction | None
    """USD for one; None if nothing is for sale."""

    @property
    def usd(self) -> Exact:
        """The charge."""
        return self.billed * (self.price_usd or 0)


@dataclass(frozen=True)
class BillStatement:
    """A bill's sum with its lines, in the order of the price list.

    The charges are exact; figures are rounded to floats, never to cents, and only
    once someone asks for them.

    Attributes:
        basis: What was counted and what was taken off, in words.
        charges: The lines in exact arithmetic, those of quantity 0 too.
    """

    basis: str
    charges: tuple[Charge, ...]

    @cached_property
    def usd(self) -> float:
        """The sum."""
        # Summed up as whole numbers over one denominator, and divided once: exact, and
        # far faster than fractions, which cancel at every step.
        above, below = 0, 1
        for charge in self.charges:
            if charge.billed and charge.price_usd:
                n, m = charge.billed.as_integer_ratio()
                n *= charge.price_usd.numerator
                m *= charge.price_usd.denominator
                above, below = above * m + n * below, below * m
        return above / below

    @cached_property
    def lines(self) -> tuple[BillLine, ...]:
        """The lines, in the order of the price list."""
        total = sum((charge.usd for charge in self.charges), start=0)
        return tuple(
            BillLine(
                unit=charge.unit,
                title=charge.title,
                quantity=float(charge.quantity),
                included=float(charge.quantity - charge.beyond),
                billed=float(charge.billed),
                usd=float(charge.usd),
                share=float(charge.usd / total) if total else 0.0,
                not_served=float(charge.beyond if charge.price_usd is None else 0),
            )
            for charge in self.charges
        )

    @property
    def dominant(self) -> BillLine | None:
        """The line that makes the bill: the largest charge; None if all are 0."""
        largest = max(self.lines, key=lambda line: line.usd)
        return largest if largest.usd > 0 else None

    @property
    def exceeded(self) -> tuple[BillLine, ...]:
        """The lines whose allowance did not suffice where nothing more is for sale."""
        if all(charge.price_usd is not None for charge in self.charges):
            return ()
        return tuple(line for line in self.lines if line.not_served > 0)

    def document(self) -> dict[str, Any]:
        """Return the statement as the result document shows it."""
        dominant = self.dominant
        return {
            "basis": self.basis,
            "usd": self.usd,
            "dominant": dominant.unit if dominant else None,
            "exceeded": [line.unit for line in self.exceeded],
            "lines": [asdict(line) for line in self.lines],
        }
