"""The steps of CI: each has a budget, and a slow machine is not held against it."""

import re
import subprocess

from tests.vocabulary import ROOT

SCRIPT = (ROOT / ".ci/run").read_text(encoding="utf-8")
WORDS = re.search(r"^budget_s=0.*?^}\n", SCRIPT, re.MULTILINE | re.DOTALL)
LAST = SCRIPT[SCRIPT.index("\nmost_s=") :]


def said(*lines: str) -> tuple[int, str]:
    """Return how a shell ends that runs steps, and what it prints."""
    assert WORDS is not None
    # Without what bash makes of SECONDS it is a number like any other: no clock.
    begin = "set -euo pipefail; unset SECONDS; SECONDS=0"
    script = "\n".join([begin, WORDS[0], *lines, LAST])
    done = subprocess.run(  # noqa: S603 - our own words
        ["bash", "-c", script],  # noqa: S607 - whichever bash CI finds
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_budgets_of_all_steps_are_fifteen_minutes_together() -> None:
    """Who adds to a step takes it from another."""
    budgets = re.findall(r'^step (\d+) "', SCRIPT, re.MULTILINE)

    assert sum(map(int, budgets)) == 15 * 60
    assert len(budgets) == 10


def test_a_step_beyond_its_budget_is_a_warning() -> None:
    """As if it had begun 12 seconds ago."""
    status, text = said('step 5 "Slow"', "SECONDS=12", 'step 95 "Next"', "step 0")

    assert status == 0
    assert "-- 12 s of 5 s\nwarning: beyond its budget by 7 s\n" in text
    assert "all steps: 12 s of 100 s (fails above 300 s)\n" in text


def test_three_times_the_whole_budget_is_a_failure() -> None:
    """Nobody waits for hours without a word."""
    status, text = said('step 100 "Slow"', "SECONDS=301", "step 0")

    assert status == 1
    assert "warning: beyond the budget by 201 s" in text
