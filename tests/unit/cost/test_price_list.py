"""Price lists are loaded by name or by file, and checked line by line."""

import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PriceList, price_list_names
from simcoalesce.yaml.validation_error import InvalidScenario
from tests.unit.scenario.builders import TEXT, errors_of

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


def test_one_s_own_list_lies_next_to_the_scenario(tmp_path: Path) -> None:
    """Calls of the origin and bytes get prices of one's own."""
    price_list = _mine(tmp_path, _MINE)
    bill = Bill.of({"origin_calls": 5_000, "response_bytes": 2e9}, price_list)

    assert (price_list.name, bill.cost_usd) == ("mine", 0.68)


def test_every_error_is_shown_at_its_line(tmp_path: Path) -> None:
    """With the line and a caret, as those of a scenario."""
    text = "title: x\nlines: [{unit: kv_raeds, title: T, price: 3 EUR, source: s}]"

    with pytest.raises(InvalidScenario) as error:
        _mine(tmp_path, text)

    errors = error.value.errors
    assert [(e.line, e.column, e.where) for e in errors] == [
        (2, 9, "lines[0]"),
        (2, 16, "lines[0].unit"),
        (2, 43, "lines[0].price"),
    ]
    assert "mine.yaml:2:16" in str(error.value)
    assert f"   2 | {text.splitlines()[1]}\n{'^^^^^^^^':>30}\n" in str(error.value)


def test_its_errors_are_those_of_the_scenario_that_names_it(tmp_path: Path) -> None:
    """They stand in its own file, beside those of the scenario."""
    (tmp_path / "mine.yaml").write_text(_MINE.replace("0.10", "free"))

    price, seed = errors_of(
        TEXT + "price_list: mine.yaml\nseed: many\n", folder=tmp_path
    )

    assert (price.file, price.line) == (f"{tmp_path}/mine.yaml", 6)
    assert (seed.file, seed.line) == ("sale.yaml", 12)


def test_a_missing_list_is_named_as_it_was_written(tmp_path: Path) -> None:
    """The message also says where it was looked for."""
    with pytest.raises(ValueError, match=r'no file "mine.yaml" \(looked for /'):
        PriceList.load("mine.yaml", folder=tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("just a text", "is not a table; write {key: value"),
        ("", "title is missing"),
        ("title: x\ntitle: y", "stands twice"),
        ("title: x\nlines: []", "lines is empty"),
        (_MINE.replace("response_bytes", "origin_calls"), "more than one line for"),
        (_MINE.replace("0.10", "-1"), '"-1" is not a price'),
        (_MINE.replace("0.10", ".nan"), '"nan" is not a price'),
        (_MINE.replace("0.10", "true"), '"true" is not a price'),
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
    """Checked once, when it is read."""
    with pytest.raises(ValueError, match=message):
        _mine(tmp_path, text)


def test_a_line_is_written_as_it_is_read() -> None:
    """What is not for sale says so, and is not left out."""
    lines = PriceList.load("cloudflare-workers-free-2026-11").lines

    document = lines[0].model_dump(mode="json", by_alias=True)

    assert document["price"] == "not for sale"


def test_one_s_own_list_may_be_compressed(tmp_path: Path) -> None:
    """It has the name that it has without that."""
    packed = gzip.compress(_MINE.encode())
    (tmp_path / "mine.yaml.gz").write_bytes(packed)

    assert PriceList.load("mine.yaml.gz", folder=tmp_path).name == "mine"
    (tmp_path / "cut.yaml.gz").write_bytes(packed[:40])
    with pytest.raises(InvalidScenario, match="cannot be read"):
        PriceList.load("cut.yaml.gz", folder=tmp_path)
