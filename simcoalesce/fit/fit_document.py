"""Documents of a fit: what JSON says of a log and of fitted values."""

from dataclasses import dataclass
from typing import Any, Literal

from simcoalesce.fit.back_test import BackTest
from simcoalesce.fit.fitted_value import CompanionFile, FittedValue
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S
from simcoalesce.version import __version__

Verdict = Literal["believed", "not believed", "none"]


@dataclass(frozen=True)
class TestedLog:
    """A log, and whether a scenario tells its story.

    Attributes:
        log: The log.
        back_test: The log beside the scenario; None without a verdict.
        no_verdict: Why there is no verdict; empty if there is one.
        warnings: What a reader must know, as sentences.
    """

    log: Log
    back_test: BackTest | None
    no_verdict: str
    warnings: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether the scenario tells the log's story; none without a back-test."""
        if self.back_test is None:
            return "none"
        return "believed" if self.back_test.is_believed else "not believed"

    @property
    def sentence(self) -> str:
        """The verdict as a sentence, or why there is none."""
        tested = self.back_test
        return f"No verdict: {self.no_verdict}." if tested is None else tested.sentence

    def head_document(self) -> dict[str, Any]:
        """Return what each document begins with."""
        return {
            "schema_version": "1",
            "tool": {"name": "simcoalesce", "version": __version__},
            "verdict": self.verdict,
            "sentence": self.sentence,
            "log": _log_document(self.log),
        }

    def back_test_document(self) -> dict[str, Any] | None:
        """Return the back-test as JSON has it; None without a verdict."""
        return self.back_test.document() if self.back_test else None


def value_document(value: FittedValue) -> dict[str, Any]:
    """Return a fitted value: what it sets, and how well it is told."""
    rival = value.rival
    return {
        "name": value.name,
        "told": value.told,
        "value": value.text or None,
        "sets": {path: _plain(one) for path, one in value.sets.items()},
        "interval": [*value.interval] if value.interval else None,
        "events": value.events,
        "contradictions": value.contradictions,
        "rival": rival
        and {
            "value": rival.text,
            "contradictions": rival.contradictions,
            "is_excluded": rival.is_excluded,
        },
        "evidence": value.evidence,
    }


def _log_document(log: Log) -> dict[str, Any]:
    return {
        "name": log.name,
        "format": log.format,
        "requests": len(log),
        "lines": log.lines,
        "bad_lines": log.bad,
        "left_out": dict(log.left_out),
        "span_s": float((log.at_ns[-1] - log.at_ns[0]) / NS_PER_S),
        "stamp_s": log.stamp_ns / NS_PER_S,
        "starts": log.starts,
        "fields": dict(log.fields),
        "assumptions": [*log.assumptions],
    }


def _plain(written: Any) -> Any:
    """Return a value as JSON has it; a file by its name."""
    if isinstance(written, CompanionFile):
        return written.name
    if isinstance(written, dict):
        return {key: _plain(one) for key, one in written.items()}
    return [_plain(one) for one in written] if isinstance(written, list) else written
