"""Statements: charges, their sum, and the line that makes it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any


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


@dataclass(frozen=True, slots=True)
class Statement:
    """A bill's sum with its lines, in the order of the price list.

    Attributes:
        basis: What was counted and what was taken off, in words.
        usd: The sum.
        lines: The lines, those of quantity 0 too.
    """

    basis: str
    usd: float
    lines: tuple[BillLine, ...]

    @property
    def dominant(self) -> BillLine | None:
        """The line that makes the bill: the largest charge; None if all are 0."""
        largest = max(self.lines, key=lambda line: line.usd)
        return largest if largest.usd > 0 else None

    @property
    def exceeded(self) -> tuple[BillLine, ...]:
        """The lines whose allowance did not suffice where nothing more is for sale."""
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


@dataclass(frozen=True, slots=True)
class Charge:
    """A line in exact arithmetic, before the sum is known."""

    unit: str
    title: str
    quantity: Fraction
    beyond: Fraction
    billed: Fraction
    usd: Fraction
    is_for_sale: bool = True


def statement(basis: str, charges: Sequence[Charge]) -> Statement:
    """Return the statement of exact charges: rounded to floats, never to cents."""
    total = sum((charge.usd for charge in charges), start=Fraction(0))
    return Statement(
        basis,
        float(total),
        tuple(
            BillLine(
                unit=charge.unit,
                title=charge.title,
                quantity=float(charge.quantity),
                included=float(charge.quantity - charge.beyond),
                billed=float(charge.billed),
                usd=float(charge.usd),
                share=float(charge.usd / total) if total else 0.0,
                not_served=0.0 if charge.is_for_sale else float(charge.beyond),
            )
            for charge in charges
        ),
    )
