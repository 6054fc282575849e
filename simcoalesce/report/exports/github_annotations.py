"""Annotations: verdicts on the lines of the scenario, as GitHub shows them."""

from collections.abc import Iterator
from typing import Final

from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.report.blocks.verdicts import said_of
from simcoalesce.report.export import Export
from simcoalesce.visible import visible

_OF_TEXT: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_OF_PROPERTY: Final = _OF_TEXT | str.maketrans({":": "%3A", ",": "%2C"})


class GithubAnnotations(Export):
    """A workflow command for each expectation that is not met, and for each warning.

    One too if nothing follows from the runs.

    Source:
        docs.github.com/actions, Workflow commands for GitHub Actions, read 2026-11-23.
    """

    @override
    def text(self, result: Result) -> str:
        return "".join(f"{visible(line)}\n" for line in _lines(result))


def _lines(result: Result) -> Iterator[str]:
    for warning in result.warnings:
        yield f"::warning::{warning.translate(_OF_TEXT)}"
    if result.no_verdict:
        yield f"::error::no verdict: {result.no_verdict.translate(_OF_TEXT)}"
    locations = result.scenario.expectation_lines
    for number, verdict in enumerate(result.expectations):
        if verdict.truth == "holds":
            continue
        file, line = locations[number] if number < len(locations) else ("", 0)
        where = f" file={file.translate(_OF_PROPERTY)},line={line}" if line else ""
        level = "warning" if verdict.expectation.level == "warn" else "error"
        yield f"::{level}{where}::{'; '.join(said_of(verdict)).translate(_OF_TEXT)}"
