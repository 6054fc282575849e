"""Fitting a log: what it tells, the scenario of that, and whether it holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simcoalesce.fit.back_test import BackTest
from simcoalesce.fit.estimator import fitted_values
from simcoalesce.fit.fit_document import TestedLog, value_document
from simcoalesce.fit.fitted_scenario import FittedScenario, fitted_scenario
from simcoalesce.fit.fitted_value import FittedValues
from simcoalesce.fit.held_out import REPLICATIONS, OnRun, back_test
from simcoalesce.fit.log_check import (
    check_log,
    given_values,
    warnings_of,
    why_no_verdict,
)
from simcoalesce.fit.replayed_arrivals import with_replay
from simcoalesce.fit.traffic_choice import TrafficChoice
from simcoalesce.fit.wanted_fields import missing_fields
from simcoalesce.logs.key_rule import KeyRule
from simcoalesce.logs.log import Log
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from simcoalesce.units import NS_PER_S
from simcoalesce.version import __version__


@dataclass(frozen=True)
class LogFit(TestedLog):
    """What a log tells, and how well the part that was held out was foretold.

    Attributes:
        values: What estimators found in all of it.
        scenario: What was found as a scenario, and the files beside it.
    """

    values: FittedValues
    scenario: FittedScenario

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            **self.head_document(),
            "values": [value_document(one) for one in self.values],
            "back_test": self.back_test_document(),
            "missing_fields": [one.field for one in missing_fields(self.log)],
            "warnings": [*self.warnings],
            "scenario": self.scenario.text,
            "files": [*self.scenario.names],
        }


def fit_files(
    files: str | Path | Sequence[str | Path],
    *,
    key: str | Sequence[str] | None = None,
    words: Mapping[str, Any] | None = None,
    **options: Any,
) -> LogFit:
    """Read a log and fit it, as `fit_log` does.

    Args:
        files: One file, or several that are one log.
        key: What of a URL is the key, e.g. ``["host", "path"]``; found in the log if
            absent.
        words: Other words of a log, as `arrivals: [{kind: replay}]` takes them, e.g.
            ``{"format": "csv", "where": {"host": "shop.example"}}``.
        options: As of `fit_log`.

    Raises:
        ValueError: If the log cannot be read, or cannot be fitted: it says why.
    """
    names = [files] if isinstance(files, (str, Path)) else [*files]
    said = {**(words or {}), "file": [str(one) for one in names]}
    spec = LogSpec.model_validate(said if key is None else {**said, "key": key})
    rule = None if key is None else spec.key_rule
    return fit_log(read_log(spec), key=rule, **options)


def fit_log(  # noqa: PLR0913 - what a fit is asked
    log: Log,
    *,
    traffic: TrafficChoice = "replay",
    key: KeyRule | None = None,
    holdout_ratio: float = 0.4,
    replications: int = REPLICATIONS,
    stem: str = "fitted",
    on_run: OnRun | None = None,
) -> LogFit:
    """Fit a scenario to a log, and test it on the part that is held out.

    Args:
        log: All that is to be fitted. The scenario is that of the whole log; for the
            test the first part is fitted on its own.
        traffic: Whether the scenario replays the log, or has a law of arrivals.
        key: Of what a key is made; found in the log if absent.
        holdout_ratio: Which share of the log's time is held out.
        replications: How many runs predict it.
        stem: The name of the scenario's file, without its suffix.
        on_run: Called after each of these runs: how many are done, and of how many.

    Raises:
        ValueError: If the log cannot be fitted: it says why.
    """
    check_log(log)
    values = fitted_values(log, given_values(log, traffic, key))
    no_verdict = why_no_verdict(values)
    tested = None
    if not no_verdict:
        tested = back_test(
            log,
            with_replay(log, values) if traffic == "law" else values,
            holdout_ratio=holdout_ratio,
            replications=replications,
            on_run=on_run,
        )
    warnings = tuple(warnings_of(log, values))
    scenario = fitted_scenario(
        values,
        stem=stem,
        title=f"What {log.name} tells",
        notes=[*_notes(log, tested), *warnings],
    )
    return LogFit(log, tested, no_verdict, warnings, values, scenario)


def _notes(log: Log, tested: BackTest | None) -> Iterator[str]:
    seconds = (log.at_ns[-1] - log.at_ns[0]) / NS_PER_S
    yield (
        f"Fitted by simcoalesce {__version__} to {log.name}: {len(log):,} requests of"
        f" {seconds:,.0f} s."
    )
    if tested is not None:
        yield tested.sentence
