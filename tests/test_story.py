"""The story of the flash sale in the README has the figures that the model gives."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from simcoalesce import Scenario, replicate
from simcoalesce.conditions.estimate import Estimate

ROOT = Path(__file__).parents[1]
FILE = ROOT / "scenarios" / "flash-sale-9pm.yaml"
SEEDS = 30


@cache
def measured(variant: str = "", *overrides: str) -> Mapping[str, Estimate]:
    """Return the estimates of a variant of the flash sale."""
    scenario = Scenario.load(FILE, variant or None, list(overrides))
    return replicate(scenario, replications=SEEDS).estimates


def mean(metric: str, variant: str = "", *overrides: str) -> float:
    """Return the mean of a metric over the seeds."""
    known = measured(variant, *overrides)[metric].mean
    assert known is not None
    return known


def story() -> str:
    """Return the section of the README, as one line."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (_, section) = text.split("## What of the story is true\n")
    return " ".join(section.split("\n## ")[0].split())


@pytest.mark.parametrize(
    ("metric", "variant", "told"),
    [
        ("origin_hits", "first-burst", "{:.0f} do, if they came within 400 ms"),
        ("origin_hits", "as-reported", "All {:.0f} do within the reported 120 ms"),
        ("cost_month_usd", "", "a month of 4,500 sales costs ${:.2f}"),
        ("cost_month_usd", "limit-not-enforced", "${:.2f} if KV did not enforce"),
        ("cost_month_usd", "origin-bill", "${:.2f} if each million of origin calls"),
        ("origin_hits", "per-key", "It does: {:.0f} calls, no errors"),
        ("cost_month_usd", "per-key", "It costs ${:.2f} a month"),
        ("errors", "uncaught-puts", "{:,.0f} of 4,000 visitors get an error"),
        ("origin_hits", "single-flight", "leaves {:,.0f} calls with the assumed 400"),
    ],
)
def test_the_story_has_the_figures_of_the_model(
    metric: str, variant: str, told: str
) -> None:
    """Each figure of the table and of the text below it."""
    assert told.format(mean(metric, variant)) in story()


def test_the_differences_of_the_story_are_those_of_the_model() -> None:
    """What the object costs more, what the reads cost, what hits cost."""
    base_usd = mean("cost_month_usd")
    more_usd = mean("cost_month_usd", "per-key") - base_usd
    reads_usd = base_usd - mean("cost_month_usd", "free-reads")
    hits_usd = mean("cost_month_usd", "hits-only") - 5

    assert f"${more_usd:.2f} more than it saves" in story()
    assert f"of which ${reads_usd:.2f} are reads" in story()
    assert f"18 million hits a month cost ${hits_usd:.2f}" in story()


def test_the_number_of_isolates_decides_what_single_flight_makes() -> None:
    """With ten isolates the story says 50 calls: each fetches once in each stampede."""
    calls = mean("origin_hits", "single-flight", "traffic.isolates=10")

    assert f"and {calls:.0f} with 10" in story()


def test_under_the_documented_limit_few_puts_of_a_stampede_are_taken() -> None:
    """One put a second of the key: 4 of 1,500, in four stampedes that are answered."""
    assert mean("kv_writes") == 4
    assert mean("kv_writes") + mean("kv_writes_refused") == 1_500
