"""Views of a notebook come from the report, which nobody below imports."""

import subprocess
import sys

import pytest

from simcoalesce.display import html_of

PROGRAM = """
import sys
from simcoalesce import Scenario, run

sale = Scenario.parse("traffic: {arrivals: [{kind: burst, requests: 9, within: 1s}]}\\n"
                      "path: [kv.read, kv.write, origin]\\norigin: {latency: 9ms}")
outcomes = run(sale, seed=1)
assert not any(name.startswith("simcoalesce.report") for name in sys.modules)
print(outcomes._repr_html_())
"""


def test_a_run_shows_its_picture_after_the_public_import_alone() -> None:
    """The report is imported when the first view is asked for."""
    ran = subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )

    assert "of 9 requests" in ran.stdout
    assert "<svg" in ran.stdout


def test_what_nobody_draws_is_refused() -> None:
    """By name."""
    with pytest.raises(TypeError, match="no view of int is registered"):
        html_of(1)
