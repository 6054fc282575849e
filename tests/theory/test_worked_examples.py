"""The provider's worked examples, to the cent.

Sources, read on 2026-11-30: cloudflare-docs, docs/workers/platform/pricing.mdx at
07acbb66 ("Example pricing"); docs/durable-objects/platform/pricing.mdx at 04a87f48
("Compute billing examples"). The page of KV has prices and no example: its case
applies partials/workers/kv_pricing.mdx at 16f657ef to 10 million reads a day.

No example has a line that is not modelled: those of objects leave out storage (rows,
GB-months) and the workers that call them; KV's deletes, lists and GB-months are 0.
"""

from typing import Final

import pytest

from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PriceList

DAY_S: Final = 86_400
GB: Final = 0.128
"""Of an object, whatever it uses."""


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        pytest.param(
            {"worker_requests": 15e6, "worker_cpu_ms": 15e6 * 7}, 8.00, id="workers-1"
        ),
        pytest.param(
            {"worker_requests": 720, "worker_cpu_ms": 720 * 180_000},
            6.99,
            id="workers-3",
        ),
        pytest.param(
            {"worker_requests": 100e6, "worker_cpu_ms": 100e6 * 7},
            45.40,
            id="workers-4",
        ),
        pytest.param(
            {"object_requests": 1.5e6, "object_gb_s": 1e6 * GB}, 5.15, id="objects-1"
        ),
        pytest.param(
            # 5,000 connections a day; 20 messages of the 72 million are one request.
            {
                "object_requests": 5_000 * 30 + 72e6 / 20,
                "object_gb_s": 100 * 8 * 3_600 * 30 * GB,
            },
            142.95,
            id="objects-2",
        ),
        pytest.param(
            {
                "object_requests": 100 + 100 * 30 * DAY_S / 20,
                "object_gb_s": 100 * 30 * DAY_S * GB,
            },
            419.30,
            id="objects-3",
        ),
        pytest.param(
            # Each of 100 objects works for one second of each minute.
            {
                "object_requests": 10_000 + 432e6 / 20,
                "object_gb_s": 100 * 30 * DAY_S / 60 * GB,
            },
            20.65,
            id="objects-4",
        ),
        pytest.param({"kv_reads": 300e6, "kv_writes": 1e6}, 150.00, id="kv"),
    ],
)
def test_a_worked_example_costs_what_its_page_says(
    usage: dict[str, float], usd: float
) -> None:
    """The sum of the page, with the fee of 5 USD."""
    prices = PriceList.load("cloudflare-workers-paid-2026-11")

    bill = Bill.of(usage, prices, events=1)

    assert bill.cost_month_usd == pytest.approx(usd, abs=0.005)
