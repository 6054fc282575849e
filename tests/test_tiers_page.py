"""The page on tiers says what happens: its scenario is run."""

import re
from pathlib import Path

import pytest

from simcoalesce import Scenario, replicate

PAGE = Path(__file__).parents[1] / "docs/how_to/tiers.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.search(
    r"^```yaml\n(# eight-places.yaml\n.*?)^```$", TEXT, re.DOTALL | re.MULTILINE
)
ROW = re.compile(r"^\| (?:with )?`(\[cdn, origin\]|\w+)` \| (\d+) \|", re.MULTILINE)
WORKERS = re.search(r"^```yaml\n(# before-.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("path", "calls"), ROW.findall(TEXT))
def test_a_row_of_the_table_is_what_its_variant_does(path: str, calls: str) -> None:
    """In each of three runs."""
    assert BLOCK is not None
    scenario = Scenario.parse(BLOCK[1])
    if not path.startswith("["):
        scenario = scenario.with_variant(path)
    estimates = replicate(scenario, replications=3).estimates

    assert estimates["origin_hits"].mean == int(calls)


@pytest.mark.parametrize(
    ("variant", "calls", "month"), [(None, 1_190, 59), ("workers-cache", 1, 56)]
)
def test_the_page_says_what_the_platform_caches_cost(
    variant: str | None, calls: int, month: int
) -> None:
    """180 million runs of 1 ms, of which 30 million are free, cost three dollars."""
    assert WORKERS is not None
    scenario = Scenario.parse(WORKERS[1]).with_variant(variant)
    estimates = replicate(scenario, replications=3).estimates

    assert estimates["origin_hits"].mean == pytest.approx(calls, rel=0.02)
    assert estimates["cost_month_usd"].mean == pytest.approx(month, abs=0.01)
    assert f"${month}.00" in TEXT
