"""Bills against the worked examples of the published prices."""

from typing import Any

import pytest

from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PriceList

PAID = "cloudflare-workers-paid-2026-11"
FREE = "cloudflare-workers-free-2026-11"


def _paid(**changes: Any) -> PriceList:
    return PriceList.load(PAID).model_copy(update=changes)


def _month(usage: dict[str, float], *, events: float = 1) -> dict[str, float]:
    month = Bill.of(usage, _paid(), events=events).month
    assert month is not None
    return {line.unit: line.usd for line in month.lines if line.usd} | {
        "sum": month.usd
    }


def test_ten_million_reads_a_day_cost_242_40_a_month() -> None:
    """145 for KV reads, 87 for requests, 5.40 for CPU at 1 ms, 5 for the plan."""
    usage = dict.fromkeys(("kv_reads", "worker_requests", "worker_cpu_ms"), 10e6)

    assert _month(usage, events=30) == {
        "worker_requests": 87.0,
        "worker_cpu_ms": 5.4,
        "kv_reads": 145.0,
        "base_fee": 5.0,
        "sum": 242.4,
    }


def test_object_time_is_rounded_up_to_whole_millions() -> None:
    """152,960 GB-s beyond the allowance cost 12.50."""
    assert _month({"object_gb_s": 552_960})["object_gb_s"] == 12.5


def test_rounding_is_a_switch_of_the_list() -> None:
    """Prorated, the same 152,960 GB-s cost 1.912."""
    lines = [line.model_copy(update={"round_up": False}) for line in _paid().lines]

    month = Bill.of({"object_gb_s": 552_960}, _paid(lines=tuple(lines)), events=1).month

    assert month is not None
    assert month.usd == 5 + 1.912


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        ({"worker_requests": 126.67e6}, 35.0),
        ({"kv_writes": 8e6}, 35.0),
        ({"object_requests": 234e6}, 34.95),
    ],
)
def test_what_makes_forty_dollars_of_five(usage: dict[str, float], usd: float) -> None:
    """35 USD above the fee: 127M requests, 8M writes or 234M object requests."""
    assert _month(usage)["sum"] == pytest.approx(5 + usd, abs=0.01)


def test_one_stampede_costs_a_third_of_a_cent() -> None:
    """800 requests, 800 reads and 400 writes, at list price."""
    bill = Bill.of({"worker_requests": 800, "kv_reads": 800, "kv_writes": 400}, _paid())

    assert bill.cost_usd == pytest.approx(0.00024 + 0.0004 + 0.002)


def test_without_a_month_there_is_no_monthly_cost() -> None:
    """Nobody said how often the run happens."""
    assert Bill.of({}, _paid()).cost_month_usd is None


def test_usage_within_the_allowance_costs_the_base_fee() -> None:
    """An allowance is not charged."""
    assert _month({"kv_reads": 10e6}) == {"base_fee": 5.0, "sum": 5.0}


def test_refused_writes_are_not_billed() -> None:
    """The documents do not say that they are; the list's default is no."""
    bill = Bill.of({"kv_writes_refused": 1e9}, _paid(), events=1)

    assert bill.cost_month_usd == 5.0


def test_refused_writes_can_be_billed_as_writes() -> None:
    """The switch makes them use up the allowance of the writes."""
    usage = {"kv_writes": 1e6, "kv_writes_refused": 1e6}

    bill = Bill.of(usage, _paid(bills_refused_writes=True), events=1)

    assert bill.cost_month_usd == 10.0


def test_units_without_a_price_are_free() -> None:
    """Calls of the origin cost nothing at the platform."""
    assert Bill.of({"origin_calls": 1e9, "object_peak_queue": 5}, _paid()).run.usd == 0


def test_the_free_plan_says_which_allowance_is_exceeded() -> None:
    """400 writes a run, 100 runs: 3 or 4 a day, up to 1,600 writes against 1,000."""
    bill = Bill.of({"kv_writes": 400}, PriceList.load(FREE), events=100)

    assert bill.cost_month_usd == 0
    # 10 days of 4 runs and 20 of 3: 10 * 600 + 20 * 200.
    assert len(bill.warnings) == 1
    assert bill.warnings[0].startswith(
        "KV writes: 10,000 of 40,000 are beyond the 1,000 a day"
    )


def test_one_run_alone_can_exceed_the_free_plan() -> None:
    """Without a month, a run must fit into one day."""
    bill = Bill.of({"kv_reads": 100_001}, PriceList.load(FREE))

    assert bill.month is None
    assert bill.warnings[0].startswith("KV reads: 1 of 100,001 are beyond the 100,000")


@pytest.mark.parametrize("amount", [-1.0, float("nan"), float("inf")])
def test_impossible_usage_is_refused(amount: float) -> None:
    """A negative or endless count is a fault, and says of what."""
    with pytest.raises(ValueError, match="kv_reads is"):
        Bill.of({"kv_reads": amount}, _paid())


def test_impossible_events_are_refused() -> None:
    """A run cannot happen less than never."""
    with pytest.raises(ValueError, match="events is -1"):
        Bill.of({}, _paid(), events=-1)


def test_a_bill_documents_run_and_month() -> None:
    """The result document names the list and gives both statements."""
    document = Bill.of({"kv_reads": 1e6}, _paid(), events=2).document()

    assert document["price_list"] == PAID
    assert (document["run"]["usd"], document["month"]["usd"]) == (0.5, 5.0)
    assert Bill.of({}, _paid()).document()["month"] is None


def test_a_statement_says_what_it_counts() -> None:
    """A price without its basis misleads."""
    bill = Bill.of({}, _paid(), events=20_000)

    assert bill.month is not None
    assert "without allowances" in bill.run.basis
    assert bill.month.basis.startswith("20,000 runs in a month of 30 days")


def test_the_rest_of_the_month_takes_of_the_allowances_first() -> None:
    """9M of the 10M reads are gone: 2M more cost half a dollar, as 1M is to be paid."""
    bill = Bill.of({"kv_reads": 1e6}, _paid(), events=2, base={"kv_reads": 9e6})

    assert bill.base is not None
    assert (bill.base.usd, bill.cost_month_usd) == (5.0, 5.5)
    assert bill.added_month_usd == 0.5
    assert bill.document()["base"]["basis"].startswith("a month of 30 days without")


def test_the_rest_of_the_month_and_the_runs_are_rounded_together() -> None:
    """1.2M requests of objects and 0.3M more are one begun million beyond the first."""
    usage, base = {"object_requests": 0.3e6}, {"object_requests": 1.2e6}

    bill = Bill.of(usage, _paid(), events=1, base=base)  # type: ignore[arg-type]

    assert bill.cost_month_usd == 5.15
    assert bill.added_month_usd == 0


def test_runs_without_other_traffic_add_all_of_the_month() -> None:
    """There is no part to tell apart."""
    bill = Bill.of({"kv_reads": 1e6}, _paid(), events=2)

    assert (bill.base, bill.added_month_usd) == (None, None)
