"""Rival hypotheses: other mechanisms that explain it, and what tells them apart."""

from functools import cache

from simcoalesce import Scenario
from simcoalesce.explain.calibration.consistency import consistency
from simcoalesce.explain.calibration.hypothesis import Hypothesis
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario

LIMITED = ("kv.writes_per_key=1/s", "kv.on_refused=ignore")
SALE = "scenarios/flash-sale-9pm.yaml"


def hypotheses_about(scenario: Scenario) -> tuple[Hypothesis, ...]:
    """Return what may have happened."""
    known = consistency(scenario, ScenarioRunner(seed=9, replications=5))
    assert known is not None
    return known.hypotheses


def kinds(hypothesis: Hypothesis) -> set[str]:
    """Return which parameters a hypothesis changes."""
    return {one.parameter for one in hypothesis.adjustments}


@cache
def of_a_bill() -> tuple[Hypothesis, ...]:
    """Return what may have made a bill of 0.0006 USD, where one put is taken."""
    report = "observations: [{text: bill, that: cost_usd >= 6e-4 and cost_usd <= 7e-4}]"
    unlimited = "origin.rate_limit=unlimited"
    return hypotheses_about(a_scenario(unlimited, *LIMITED, more=report))


@cache
def of_the_sale() -> tuple[Hypothesis, ...]:
    """Return what may have happened at 21:00."""
    return hypotheses_about(Scenario.load(SALE))


def test_a_bill_may_be_of_writes_or_of_the_origin() -> None:
    """About a hundred puts cost 0.0005 USD, or calls at 5 USD for a million."""
    found = [kinds(one) for one in of_a_bill()]

    assert {"write_limit"} in found
    assert {"origin_price"} in found


def test_rivals_are_told_apart_by_what_no_observation_is_about() -> None:
    """By the puts that are taken: one, or about a hundred."""
    told = {
        frozenset(kinds(one)): {each.metric: each for each in one.told_apart_by}
        for one in of_a_bill()
    }
    of_writes = told[frozenset({"write_limit"})]

    assert "kv_writes" in of_writes or "kv_writes_refused" in of_writes
    assert all("cost" not in name for metrics in told.values() for name in metrics)


def test_the_flash_sale_has_four_rivals() -> None:
    """A limit not enforced, the store's own errors, the origin's bill, many keys."""
    mechanisms = {"write_limit", "refused_puts", "origin_price", "number_of_keys"}
    found = set[str]().union(*(kinds(one) for one in of_the_sale()))

    assert found >= mechanisms
    assert all(one.told_apart_by for one in of_the_sale())


def test_errors_of_the_store_give_up_what_was_said_of_the_origin() -> None:
    """It costs two statements: who refused, and when."""
    (other,) = (one for one in of_the_sale() if "refused_puts" in kinds(one))
    first = of_the_sale()[0]

    assert other.unexplained == ()
    assert other.deviation > first.deviation
    assert "the 429s were the store's own" in " ".join(
        one.text for one in other.adjustments
    )


def test_many_keys_leave_the_bill_unexplained() -> None:
    """Each is put once for each stampede, and the origin takes 1,500 calls."""
    (other,) = (one for one in of_the_sale() if "number_of_keys" in kinds(one))

    assert other.unexplained == ("40 USD in that month",)


def test_numbers_of_the_flash_sale_are_ranges() -> None:
    """No 539 isolates, and no share of the one location."""
    told = "; ".join(one.text for each in of_the_sale() for one in each.adjustments)

    assert "each of about 500 isolates (" in told
    assert "the requests came within about 400ms (" in told
    assert "location" not in told
