"""Price lists: published prices on one day, each line with its source."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BeforeValidator,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    model_validator,
)

from simcoalesce.cost.plain_yaml import parsed, read
from simcoalesce.spec import Spec
from simcoalesce.units import Count, PositiveCount

NOT_FOR_SALE: Final = "not for sale"
"""How a list writes that nothing beyond the allowance can be bought."""

_AMOUNT: Final = re.compile(r"\d{1,12}(?:\.\d{1,12})?(?:[eE]-\d{1,2})?")
_LISTS: Final = files("simcoalesce.cost") / "price_lists"

PricedUnit = Literal[
    "worker_requests",
    "worker_cpu_ms",
    "kv_reads",
    "kv_writes",
    "kv_writes_refused",
    "object_requests",
    "object_gb_s",
    "origin_calls",
    "response_bytes",
]
"""What a line can price: the units of usage that add up."""


def _amount(value: object) -> Decimal | None:
    if value == NOT_FOR_SALE:
        return None
    if isinstance(value, bool) or not _AMOUNT.fullmatch(str(value)):
        raise ValueError(
            f'"{value}" is not a price; write USD, e.g. 0.50, or {NOT_FOR_SALE}'
        )
    return Decimal(str(value))


Price = Annotated[
    Decimal | None,
    BeforeValidator(_amount),
    PlainSerializer(
        lambda price: NOT_FOR_SALE if price is None else str(price), return_type=str
    ),
]
"""USD, exact; None if not for sale."""

_Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class PriceLine(Spec):
    """What one unit of usage costs beyond its allowance."""

    unit: PricedUnit
    """What is counted."""
    title: _Text
    """The line's name on a bill."""
    price_usd: Price
    """USD for each `per` units beyond the allowance, or `not for sale`."""
    per: PositiveCount = 1
    """For how many units the price is."""
    included: Count = 0
    """The allowance: how many units cost nothing in each period."""
    period: Literal["month", "day", "request"] = "month"
    """How often the allowance is given; `request` only for what is not for sale."""
    round_up: bool = False
    """Whether a begun `per` is billed as a whole one."""
    source: _Text
    """Where the price is published."""
    read_on: date
    """The day on which the source was read."""

    @model_validator(mode="after")
    def _allowance_by_request_sells_nothing(self) -> Self:
        # Priced, it would make a bill fall as the number of requests rises.
        if self.period == "request" and self.price_usd is not None:
            raise ValueError(f"an allowance per request must be {NOT_FOR_SALE}")
        return self


class BaseFee(Spec):
    """What the plan costs each month before any use."""

    price_usd: Annotated[Decimal, BeforeValidator(_amount)]
    """USD each month."""
    source: _Text
    """Where the fee is published."""
    read_on: date
    """The day on which the source was read."""


class PriceList(Spec):
    """The prices of one plan on one day.

    Volume discounts, storage and taxes are left out.
    """

    name: _Text
    """The name of its file, without the ending."""
    title: _Text
    """The provider and the plan."""
    base_fee: BaseFee | None = None
    """The monthly fee, if the plan has one."""
    bills_refused_writes: bool = False
    """Whether puts that KV refuses are billed (and use up the allowance) as writes."""
    lines: tuple[PriceLine, ...]
    """One line for each unit that has a price or an allowance."""

    @model_validator(mode="after")
    def _has_one_line_a_unit(self) -> Self:
        units = [line.unit for line in self.lines]
        twice = sorted({unit for unit in units if units.count(unit) > 1})
        if not units:
            raise ValueError("lines is empty; write a line for each unit with a price")
        if self.bills_refused_writes and "kv_writes_refused" in units:
            raise ValueError("kv_writes_refused has a line and is billed as kv_writes")
        if twice:
            raise ValueError(f"more than one line for {', '.join(twice)}")
        return self

    @classmethod
    def load(cls, name: str, *, folder: Path = Path()) -> "PriceList":
        """Return a price list that comes with the package, or one's own.

        Args:
            name: A name of price_list_names(), or a file that ends in .yaml.
            folder: Where the file is looked for: beside the scenario.

        Raises:
            ValueError: If there is no such list, or the file is none.
        """
        if name.endswith((".yaml", ".yml")):
            return _parsed(read(Path(folder, name), written=name), name)
        if name in price_list_names():
            return _shipped(name)
        close = get_close_matches(name, price_list_names(), n=1)
        meant = f'; did you mean "{close[0]}"?' if close else "."
        raise ValueError(
            f'no price list "{name}"{meant} There are {", ".join(price_list_names())};'
            " one's own is named by its file, e.g. prices.yaml"
        )


@cache
def price_list_names() -> tuple[str, ...]:
    """Return the names of the price lists that come with the package."""
    names = (Path(entry.name) for entry in _LISTS.iterdir())
    return tuple(sorted(name.stem for name in names if name.suffix == ".yaml"))


@cache
def _shipped(name: str) -> PriceList:
    return _parsed((_LISTS / f"{name}.yaml").read_text(encoding="utf-8"), name)


def _parsed(text: str, name: str) -> PriceList:
    """Return the price list that a text holds.

    Raises:
        ValueError: With every fault at once, each with its place.
    """
    document = parsed(text, written=name)
    is_mapping = isinstance(document, Mapping)
    named = {**document, "name": Path(name).stem} if is_mapping else document
    try:
        return PriceList.model_validate(named)
    except ValidationError as error:
        raise ValueError(_faults(error, name)) from None


def _faults(error: ValidationError, name: str) -> str:
    faults = [
        f"{_place(fault['loc'])}: {fault['msg'].removeprefix('Value error, ')}"
        for fault in error.errors(include_url=False, include_input=False)
    ]
    return "\n".join(f"{name}: {fault}" for fault in faults)


def _place(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".") or "price list"
