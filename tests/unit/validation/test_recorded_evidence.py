"""The evidence and the page about it say the same."""

import re
from pathlib import Path

import pytest

from simcoalesce import Scenario
from simcoalesce.validation.recorded_evidence import (
    RecordedRun,
    mechanism,
    recorded_evidence,
)

ROOT = Path(__file__).parents[3]
PAGE, _ = (
    (ROOT / "docs" / "validation.md")
    .read_text(encoding="utf-8")
    .split("## Real caches", maxsplit=1)
)
COLUMNS = (
    "origin_hits",
    "errors",
    "followers",
    "kv_writes",
    "latency_p50_s",
    "latency_p99_s",
)


def row(run: RecordedRun) -> str:
    """Return the end of a run's row in the table of the page."""
    columns = [str(run.time_scale), *(_column(run, name) for name in COLUMNS)]
    agreed = f"{run.lines - len(run.differ)} of {run.lines}"
    differ = f" ({', '.join(run.differ)})" if run.differ else ""
    return f"| {' | '.join(columns)} | {agreed}{differ} |"


def _column(run: RecordedRun, name: str) -> str:
    if name not in run.metrics:
        return "\u2013"
    scale = 1_000 if name.endswith("_s") else 1
    return " / ".join(f"{scale * value:,.0f}" for value in run.metrics[name])


@pytest.mark.parametrize("run", recorded_evidence().runs, ids=lambda run: run.scenario)
def test_every_run_stands_in_the_table_of_the_page(run: RecordedRun) -> None:
    """What the explanation says is what the page shows."""
    assert row(run) in PAGE


def test_the_table_of_the_page_has_no_other_run() -> None:
    """Each row is in the file."""
    rows = re.findall(r"\| \d+ of \d+(?: \([\w, ]+\))? \|$", PAGE, flags=re.MULTILINE)

    assert len(rows) == len(recorded_evidence().runs)


def test_the_page_names_the_runtime() -> None:
    """And its version."""
    assert recorded_evidence().runtime in " ".join(PAGE.split())


@pytest.mark.parametrize("run", recorded_evidence().runs, ids=lambda run: run.scenario)
def test_every_run_has_the_rules_of_its_scenario(run: RecordedRun) -> None:
    """A scenario that changes its rules needs to be measured again."""
    name, _, variant = run.scenario.partition("@")
    scenario = Scenario.load(ROOT / "scenarios" / f"{name}.yaml", variant)

    assert run.mechanism == mechanism(scenario)
