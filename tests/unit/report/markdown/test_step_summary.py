"""The summary of a build step."""

from simcoalesce.experiment.replicate import replicate
from simcoalesce.report.markdown.step_summary import step_summary
from simcoalesce.scenario.scenario import Scenario
from tests.unit.experiment.builders import TEXT

EXPECT = """\
expect:
  - requests == 60
  - origin_hits <= 10
  - {that: errors > 0, level: warn}
  - latency_error_p50_s > 1s
"""


def test_the_summary_of_a_step_begins_with_the_verdict() -> None:
    """And has a row for each expectation."""
    text = TEXT.replace("expect: [origin_hits <= 10]\n", EXPECT)
    result = replicate(Scenario.parse(text, name="sale.yaml"), replications=3)
    lines = step_summary(result).splitlines()

    assert lines[0].startswith("**simcoalesce: FAILS** · sale · 3 runs")
    assert [line.split()[1] for line in lines[4:]] == ["✓", "✗", "warn", "?"]
