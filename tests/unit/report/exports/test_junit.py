"""JUnit and annotations: verdicts as CI systems read them."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.result import Result
from simcoalesce.report.exports.github_annotations import GithubAnnotations
from simcoalesce.report.exports.junit import Junit
from simcoalesce.scenario.scenario import Scenario
from tests.unit.experiment.builders import TEXT

EXPECT = """\
expect:
  - requests == 60
  - origin_hits <= 10
  - {that: errors > 0, level: warn, because: "100% fine, as such"}
  - latency_error_p50_s > 1s
"""


@pytest.fixture(scope="module")
def result() -> Result:
    """Return a result that passes, fails, warns, and cannot be decided."""
    text = TEXT.replace("expect: [origin_hits <= 10]\n", EXPECT)
    return replicate(Scenario.parse(text, name="sale.yaml"), replications=3)


def test_an_expectation_is_a_test_case(result: Result) -> None:
    """Failures and errors are counted, and told."""
    suite = ET.fromstring(Junit().text(result))[0]  # noqa: S314 - our own text
    told = [case[0].tag for case in suite]

    assert told == ["system-out", "failure", "system-out", "error"]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == (
        "4",
        "1",
        "1",
    )


def test_a_test_case_knows_its_line(result: Result) -> None:
    """The file and line of the scenario."""
    suite = ET.fromstring(Junit().text(result))[0]  # noqa: S314 - our own text
    first = TEXT[: TEXT.index("expect:")].count("\n") + 2

    assert [case.get("line") for case in suite] == [str(first + n) for n in range(4)]


def test_an_annotation_stands_on_the_line_of_its_expectation(result: Result) -> None:
    """Errors and warnings; none for what is met; nothing that breaks the format."""
    found = GithubAnnotations().text(result).splitlines()
    levels = [line.split(" ")[0] for line in found]

    assert levels == ["::error", "::warning", "::error"]
    assert found[0].startswith("::error file=sale.yaml,line=")
    assert "100%25 fine, as such" in found[1]


LATE = """\
name: late
duration: 10s
traffic: {arrivals: [{kind: replay, file: late.csv}]}
origin: {latency: 50ms}
path: [origin]
expect: [errors == 0]
"""


def test_a_run_whose_input_is_mostly_left_out_has_no_verdict(tmp_path: Path) -> None:
    """Two of five requests come before the end: what they did says nothing."""
    (tmp_path / "late.csv").write_text("t_s\n1\n2\n100\n200\n300\n")
    late = replicate(Scenario.parse(LATE, folder=tmp_path), replications=3)
    why = "late.csv: 3 of 5 requests come at or after the end of the scenario"
    suite = ET.fromstring(Junit().text(late))[0]  # noqa: S314 - our own text

    assert (late.truth, suite.get("errors")) == ("undecided", "2")
    assert late.no_verdict.startswith(why)
    assert why in (suite.findtext("system-err") or "")
    assert f"::warning::{why}" in GithubAnnotations().text(late)
    assert f"::error::no verdict: {why}" in GithubAnnotations().text(late)


def test_a_run_whose_input_is_mostly_there_has_a_verdict(tmp_path: Path) -> None:
    """Three of five are enough."""
    (tmp_path / "late.csv").write_text("t_s\n1\n2\n3\n200\n300\n")

    late = replicate(Scenario.parse(LATE, folder=tmp_path), replications=3)

    assert (late.truth, late.no_verdict) == ("holds", "")
