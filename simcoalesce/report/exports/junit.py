"""JUnit: verdicts as test cases, for CI systems that know tests."""

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from simcoalesce.metrics.expectation import Verdict
from simcoalesce.report.exports.github_annotations import said_of

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result


def junit_text(result: "Result") -> str:
    """Return a test suite in which each expectation is a test case.

    One that is not met is a failure, one that is not decided an error; one that only
    warns passes, and says so. There are no times: the same result, the same bytes.
    """
    verdicts = result.expectations
    failures = sum(verdict.is_broken for verdict in verdicts)
    errors = sum(_is_error(verdict) for verdict in verdicts)
    name = result.scenario.label
    suite = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(verdicts)),
        failures=str(failures),
        errors=str(errors),
    )
    places = result.scenario.expectation_lines
    for number, verdict in enumerate(verdicts):
        file, line = places[number] if number < len(places) else ("", 0)
        at = {"file": file, "line": str(line)} if line else {}
        named = {"name": str(verdict.expectation), "classname": name}
        case = ET.SubElement(suite, "testcase", named | at)
        _tell(case, verdict)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    declaration = '<?xml version="1.0" encoding="utf-8"?>\n'
    return f"{declaration}{ET.tostring(suites, encoding='unicode')}\n"


def _is_error(verdict: Verdict) -> bool:
    return verdict.truth == "undecided" and verdict.expectation.level == "fail"


def _tell(case: ET.Element, verdict: Verdict) -> None:
    said = "; ".join(said_of(verdict))
    if verdict.is_broken:
        ET.SubElement(case, "failure", message=said, type="expectation")
    elif _is_error(verdict):
        ET.SubElement(case, "error", message=said, type="undecided")
    else:
        ET.SubElement(case, "system-out").text = said
