"""Unit prices: what a scenario itself says that a unit of usage costs."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final, NamedTuple, TypeAlias

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from simcoalesce.as_written import as_written
from simcoalesce.cost.price_list import PricedUnit, PriceLine, PriceList
from simcoalesce.units import format_size, parse_count, parse_size

SOURCE: Final = "the scenario"
"""The source of a price that a scenario says itself."""

_PRICE: Final = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)(?:\s*(?:per\s|/)\s*(.+))?")
_BYTES: Final = re.compile(r".*B")
_UNIT_OF_BYTES: Final = "response_bytes"


class UnitPrice(NamedTuple):
    """A price, and for how many units it is."""

    price_usd: Decimal
    per: int
    is_of_bytes: bool

    def text(self) -> str:
        """Return it as a scenario writes it."""
        if not self.is_of_bytes:
            return f"{self.price_usd} per {self.per}"
        is_decimal = self.per % 1_000_000_000 == 0
        size = f"{self.per // 1_000_000_000}GB" if is_decimal else format_size(self.per)
        return f"{self.price_usd} per {size}"


def parse_unit_price(value: object) -> UnitPrice:
    """Return a price such as ``0.40 per 1M`` or ``0.09 per GB``, in USD.

    Raises:
        ValueError: If it is no price, or for no number of units.
    """
    if isinstance(value, UnitPrice):
        return value
    match = _PRICE.fullmatch(str(value).strip())
    if isinstance(value, bool) or match is None:
        raise ValueError(
            f"{as_written(value)} is not a price; write USD and for how many, e.g."
            " 0.40 per 1M or 0.09 per GB"
        )
    written = (match[2] or "1").strip()
    is_of_bytes = _BYTES.fullmatch(written) is not None
    number = written if written[0].isdigit() else f"1{written}"
    per = parse_size(number) if is_of_bytes else parse_count(number)
    if not per:
        raise ValueError(f'"{value}" is a price for nothing; write e.g. 0.40 per 1M')
    return UnitPrice(Decimal(match[1]), per, is_of_bytes)


def _of_their_units(prices: dict[str, UnitPrice]) -> dict[str, UnitPrice]:
    for unit, price in prices.items():
        if price.is_of_bytes != (unit == _UNIT_OF_BYTES):
            meant = "0.09 per GB" if unit == _UNIT_OF_BYTES else "0.40 per 1M"
            raise ValueError(f"{unit}: {price.text()} has another unit; write {meant}")
    return prices


_Price = Annotated[
    UnitPrice,
    BeforeValidator(parse_unit_price),
    PlainSerializer(UnitPrice.text, return_type=str),
    WithJsonSchema(
        {"type": ["string", "number"], "examples": ["0.40 per 1M", "0.09 per GB"]}
    ),
]

Prices: TypeAlias = Annotated[dict[PricedUnit, _Price], AfterValidator(_of_their_units)]
"""Prices by unit of usage."""


def with_prices(
    price_list: PriceList, prices: Mapping[PricedUnit, UnitPrice]
) -> PriceList:
    """Return a price list with some prices of a scenario.

    A unit that the list has keeps its allowance; another has none.
    """
    if not prices:
        return price_list
    lines = {line.unit: line for line in price_list.lines}
    for unit, price in prices.items():
        lines[unit] = _line(lines.get(unit), unit, price)
    return price_list.model_copy(update={"lines": tuple(lines.values())})


def _line(listed: PriceLine | None, unit: PricedUnit, price: UnitPrice) -> PriceLine:
    name = listed.title if listed else unit.replace("_", " ").capitalize()
    # An allowance per request is only for what is not for sale.
    keeps = listed is not None and listed.period != "request"
    return PriceLine.model_construct(
        unit=unit,
        title=f"{name}, price of {SOURCE}",
        price_usd=price.price_usd,
        per=price.per,
        included=listed.included if listed and keeps else 0,
        period=listed.period if listed and keeps else "month",
        round_up=False,
        source=SOURCE,
        read_on=None,
    )
