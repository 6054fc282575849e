"""JUnit: verdicts as test cases, for CI systems that know tests."""

from typing import ClassVar
from xml.etree import ElementTree as ET

from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.metrics.expectation import Verdict
from simcoalesce.report.blocks.verdicts import said_of
from simcoalesce.report.export import Export
from simcoalesce.visible import LINE_END, visible


class Junit(Export):
    """A test suite in which each expectation is a test case.

    One that is not met is a failure, one that is not decided an error; one that only
    warns passes, and says so. That nothing follows from the runs is an error too. What
    the run warns of stands in system-err. There are no times: the same result, the same
    bytes.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".xml",)

    @override
    def text(self, result: Result) -> str:
        verdicts, name = result.expectations, result.scenario.label
        has_none = bool(result.no_verdict)
        counts = {
            "tests": len(verdicts) + has_none,
            "failures": sum(verdict.is_broken for verdict in verdicts),
            "errors": sum(map(_is_error, verdicts)) + has_none,
        }
        known = {key: str(count) for key, count in counts.items()}
        suites = ET.Element("testsuites")
        suite = ET.SubElement(suites, "testsuite", {"name": name} | known)
        locations = result.scenario.expectation_lines
        for number, verdict in enumerate(verdicts):
            file, line = locations[number] if number < len(locations) else ("", 0)
            at = {"file": file, "line": str(line)} if line else {}
            named = {"name": str(verdict.expectation), "classname": name}
            _tell(ET.SubElement(suite, "testcase", named | at), verdict)
        if has_none:
            named = {"name": "no verdict", "classname": name}
            case = ET.SubElement(suite, "testcase", named)
            said = {"message": result.no_verdict, "type": "no verdict"}
            ET.SubElement(case, "error", said)
        if result.warnings:
            ET.SubElement(suite, "system-err").text = "\n".join(result.warnings)
        ET.indent(suites)
        declaration = '<?xml version="1.0" encoding="utf-8"?>\n'
        text = ET.tostring(suites, encoding="unicode")
        return f"{declaration}{visible(text, keep=LINE_END)}\n"


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
