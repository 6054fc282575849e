"""The page on load control: its scenario runs, and its table says what happens."""

import re
from pathlib import Path

import numpy as np
import pytest

from simcoalesce import Scenario, run
from simcoalesce.metrics.origin import origin_peak_concurrency
from simcoalesce.metrics.tally import Tally

PAGE = Path(__file__).parents[1] / "docs/how_to/load_control.md"
TEXT = PAGE.read_text(encoding="utf-8")
YAML = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
ROWS = re.findall(r"^\| ([a-z-]+) \| (\d[\d |,]*) \|$", TEXT, re.MULTILINE)


def test_the_table_has_every_variant() -> None:
    """And the scenario as it is."""
    variants = Scenario.parse(YAML[0]).variants

    assert [name for name, _ in ROWS] == ["none", *variants]


@pytest.mark.parametrize(("variant", "figures"), ROWS)
def test_the_table_says_what_happens(
    tmp_path: Path, variant: str, figures: str
) -> None:
    """Errors, those of vip, calls, and the most at once, of one run."""
    file = tmp_path / "slow-backend.yaml"
    file.write_text(YAML[0], encoding="utf-8")
    chosen = "" if variant == "none" else f"@{variant}"
    outcomes = run(Scenario.load(f"{file}{chosen}"), seed=1)
    rows = outcomes.request_rows
    is_vip, calls = rows.key == 0, outcomes.origin_rows
    peak = origin_peak_concurrency(Tally.of(outcomes))

    numbers = [int(number.replace(",", "")) for number in figures.split(" | ")]
    errors = [np.count_nonzero(rows.status[which] >= 400) for which in (..., is_vip)]
    assert [*errors, len(calls.request), peak] == numbers
