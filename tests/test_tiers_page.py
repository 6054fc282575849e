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


@pytest.mark.parametrize(("path", "calls"), ROW.findall(TEXT))
def test_a_row_of_the_table_is_what_its_variant_does(path: str, calls: str) -> None:
    """In each of three runs."""
    assert BLOCK is not None
    scenario = Scenario.parse(BLOCK[1])
    if not path.startswith("["):
        scenario = scenario.with_variant(path)
    estimates = replicate(scenario, replications=3).estimates

    assert estimates["origin_hits"].mean == int(calls)
