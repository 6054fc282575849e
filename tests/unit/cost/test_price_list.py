"""Price lists are loaded by name or by file, and checked line by line."""

from decimal import Decimal
from pathlib import Path

import pytest

from simcoalesce.cost import Bill, PriceList, price_list_names

_MINE = """
title: My origin
lines:
  - unit: origin_calls
    title: Calls
    price: 0.10
    per: 1k
    source: contract
    read_on: 2026-01-01
  - unit: response_bytes
    title: Egress
    price: 0.09
    per: 1G
    source: contract
    read_on: 2026-01-01
"""


def _mine(folder: Path, text: str) -> PriceList:
    (folder / "mine.yaml").write_text(text)
    return PriceList.load("mine.yaml", folder=folder)


def test_both_plans_come_with_the_package() -> None:
    """They are found by the names of their files."""
    assert price_list_names() == (
        "cloudflare-workers-free-2026-11",
        "cloudflare-workers-paid-2026-11",
    )


def test_prices_are_exact() -> None:
    """0.30 is thirty hundredths, not the nearest binary fraction."""
    price_list = PriceList.load("cloudflare-workers-paid-2026-11")

    assert price_list.lines[0].price_usd == Decimal("0.3")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    """The message lists what there is."""
    with pytest.raises(ValueError, match=r'did you mean "cloudflare-workers-paid-2026'):
        PriceList.load("cloudflare-worker-paid-2026-11")


def test_a_name_like_none_is_refused_with_the_list() -> None:
    """Nothing is guessed where nothing is near."""
    with pytest.raises(ValueError, match=r'"gold"\. There are cloudflare'):
        PriceList.load("gold")


def test_one_s_own_list_lies_beside_the_scenario(tmp_path: Path) -> None:
    """Calls of the origin and bytes get prices of one's own."""
    price_list = _mine(tmp_path, _MINE)
    bill = Bill.of({"origin_calls": 5_000, "response_bytes": 2e9}, price_list)

    assert (price_list.name, bill.cost_usd) == ("mine", 0.68)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Each with its place in the file."""
    text = "title: x\nlines: [{unit: kv_raeds, title: T, price: 3 EUR, source: s}]"

    with pytest.raises(ValueError, match="mine") as error:
        _mine(tmp_path, text)

    places = [line.split(": ")[1] for line in str(error.value).splitlines()]
    assert places == ["lines[0].unit", "lines[0].price", "lines[0].read_on"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("just a text", "mine.yaml: price list: Input should be"),
        ("title: x\nlines: []", "lines is empty"),
        (_MINE.replace("response_bytes", "origin_calls"), "more than one line for"),
        (_MINE.replace("0.10", "-1"), '"-1" is not a price'),
        (_MINE.replace("0.10", ".nan"), '"nan" is not a price'),
        (_MINE.replace("0.10", "true"), '"True" is not a price'),
        (_MINE.replace("per: 1k", "per: 0"), "must be above zero"),
        (_MINE.replace("per: 1k", "period: request"), "must be not for sale"),
        (_MINE.replace("per: 1k", "discount: 5"), "discount"),
        (
            _MINE.replace("origin_calls", "kv_writes_refused")
            + "bills_refused_writes: true",
            "is billed as kv_writes",
        ),
    ],
)
def test_a_list_that_cannot_be_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """Checked once, at the door."""
    with pytest.raises(ValueError, match=message):
        _mine(tmp_path, text)


def test_a_line_is_written_as_it_is_read() -> None:
    """What is not for sale says so, and is not left out."""
    lines = PriceList.load("cloudflare-workers-free-2026-11").lines

    document = lines[0].model_dump(mode="json", by_alias=True)

    assert document["price"] == "not for sale"
