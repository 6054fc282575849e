"""Price lists: published prices on one day, each line with its source."""

import re
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from os.path import normpath
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BeforeValidator,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from simcoalesce.as_written import as_written
from simcoalesce.confinement import check_named_file, content_hidden
from simcoalesce.spec import Spec
from simcoalesce.suggestion import did_you_mean
from simcoalesce.units import Count, PositiveCount
from simcoalesce.unpacked import plain_name
from simcoalesce.yaml.node import SourcePosition, plain
from simcoalesce.yaml.parser import parsed_yaml
from simcoalesce.yaml.pydantic_errors import NodeLocation, validate_model
from simcoalesce.yaml.source_text import file_text, is_file, source_of
from simcoalesce.yaml.validation_error import InvalidScenario

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
    "object_rows_read",
    "object_rows_written",
    "origin_calls",
    "response_bytes",
    "redis_commands",
]
"""What a line can price: the units of usage that add up."""


def _amount(value: object) -> Decimal | None:
    if value == NOT_FOR_SALE:
        return None
    if isinstance(value, bool) or not _AMOUNT.fullmatch(str(value)):
        raise ValueError(
            f"{as_written(value)} is not a price; write USD, e.g. 0.50, or"
            f" {NOT_FOR_SALE}"
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
    read_on: date | None
    """The day on which the source was read; null for a price of one's own."""

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
            ValueError: If there is no such list; as an InvalidScenario, with everything
                that is wrong with the file at its position.
        """
        if plain_name(name).endswith((".yaml", ".yml")):
            path = Path(folder, name)
            check_named_file(name, path)
            if not is_file(path):
                raise ValueError(f'no file "{name}" (looked for {path})')
            with content_hidden(name):
                return _parsed(file_text(path, normpath(path)), normpath(path))
        if name in price_list_names():
            return _shipped(name)
        meant = did_you_mean(name, price_list_names()) or "."
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
    source = source_of(text, name)
    top = SourcePosition(source, 1, 1)
    node, errors = parsed_yaml(text, source)
    values = plain(node) if node else {}
    if isinstance(values, dict):
        values["name"] = Path(plain_name(name)).stem
    at = NodeLocation(node, top, (), (PriceList,))
    price_list, found = validate_model(PriceList, values, at)
    if price_list is None or errors:
        raise InvalidScenario([*errors, *(error for _, error in found)])
    return price_list
