"""docs/statistics.md: each row of its table names tests of its coverage."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = {
    "I": "test_interval_coverage.py",
    "O": "test_other_coverage.py",
    "M": "test_month_coverage.py",
    "C": "test_coverage.py",
}


def test_every_printed_interval_names_a_test_that_exists() -> None:
    """By its file and a part of its name."""
    page = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    table = page.partition("| printed |")[2].partition("\n\n")[0]
    last = [row.rstrip(" |").rpartition("| ")[2] for row in table.splitlines()[2:]]

    assert len(last) == 15
    for cell in last:
        for part in cell.split("; "):
            text = (ROOT / "tests" / "theory" / FILES[part[0]]).read_text("utf-8")
            names = re.findall(r"def (test_\w+)", text)
            for named in re.findall(r"`(\w+)`", part):
                assert any(named in name for name in names), named
