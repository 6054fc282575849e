"""Held out: a scenario fitted to the first part of a log predicts the rest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

import numpy as np

from simcoalesce.experiment.single_run import run
from simcoalesce.fit.back_test import BackTest, ComparedPart
from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.fit.estimator import fitted_values
from simcoalesce.fit.fitted_scenario import fitted_scenario
from simcoalesce.fit.fitted_value import AS_ASKED, FittedValue, FittedValues
from simcoalesce.fit.key_rules import FittedKeys, fitted_keys
from simcoalesce.fit.observed_part import ObservedPart, recorded_part, simulated_part
from simcoalesce.logs.log import Log
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

REPLICATIONS: Final = 10
OnRun: TypeAlias = Callable[[int, int], None]


@dataclass(slots=True)
class BackTestRuns:
    """The runs of a back test.

    Attributes:
        replications: How many of each scenario.
        whole: How many in all.
        on_run: Called after each run: how many are done, and of how many.
        done: How many are done.
    """

    replications: int
    whole: int
    on_run: OnRun | None = None
    done: int = 0

    def one_done(self) -> None:
        """Take note of a run, and tell of it."""
        self.done += 1
        if self.on_run is not None:
            self.on_run(self.done, self.whole)


_GIVEN: Final = ("traffic", "duration", "starts_at", "variants", "origin.faults")
"""What the rest of a log is asked for: who came, and when the origin was down, is no
prediction of a scenario."""
_TRAFFIC: Final = ("traffic", "popularity", "arrivals")
"""Estimators that need not be asked twice."""
_GIVEN_NAMES: Final = ("held_at_start",)


def back_test(
    log: Log,
    whole: FittedValues,
    *,
    holdout_ratio: float,
    replications: int = REPLICATIONS,
    on_run: OnRun | None = None,
) -> BackTest | None:
    """Fit the first part of a log, and predict the rest.

    Who came in the rest, and when the origin was down, is taken from the log. The whole
    log is simulated, so that the cache holds what it held; the rest is compared.

    Args:
        log: The whole log.
        whole: What estimators found in it.
        holdout_ratio: The share of its time that is held out.
        replications: How many runs, under seeds from 1 on.
        on_run: Called after each run: how many are done, and of how many.

    Returns:
        None if the log does not tell which requests called the origin.
    """
    lasts_ns = int(log.at_ns[-1] - log.at_ns[0]) + 1
    from_ns = round(lasts_ns * (1 - holdout_ratio))
    count = int(np.searchsorted(log.at_ns, log.at_ns[0] + from_ns))
    fitted = first_of(log, count)
    first = _given(whole, fitted_values(fitted, _known(whole, fitted)))
    keys: FittedKeys = fitted_keys(log, first.result("key_rule").rule)
    if keys.events is None:
        return None
    recorded = recorded_part(log, keys.events, from_ns, lasts_ns)
    span = from_ns, lasts_ns
    others = [one.as_rival for one in first if one.as_rival is not None]
    runs = BackTestRuns(replications, (1 + len(others)) * replications, on_run)
    compare = partial(_compared, recorded=recorded, span_ns=span, runs=runs)
    main = compare("fitted", first)
    rivals = [compare(rival.text, first.plus(rival)) for rival in others]
    found = first.get("ttl")
    ages = found.result.events if found is not None and found.result else 0
    bad = found.contradictions if found is not None else None
    return BackTest(
        from_s=from_ns / NS_PER_S,
        until_s=lasts_ns / NS_PER_S,
        fitted_s=(0.0, from_ns / NS_PER_S),
        main=main,
        rivals=tuple(rivals),
        contradictions=None if bad is None else (bad, ages),
        notes=tuple(_notes(keys.events)),
    )


def _known(whole: FittedValues, fitted: Log) -> FittedValues:
    """Return what need not be found once more: the traffic, and a key rule as asked."""
    known = FittedValues(tuple(one for one in whole if one.name in _TRAFFIC))
    rule = whole.get("key_rule")
    if rule is None or rule.evidence != AS_ASKED:
        return known
    return known.plus(replace(rule, result=fitted_keys(fitted, rule.result.rule)))


def first_of(log: Log, count: int) -> Log:
    """Return a log with the first of its requests only."""
    columns: dict[str, Any] = {
        one.name: getattr(log, one.name)[:count]
        for one in fields(log)
        if isinstance(getattr(log, one.name), np.ndarray)
    }
    return replace(log, **columns)


def _given(whole: FittedValues, first: FittedValues) -> FittedValues:
    """Return what was found in the first part, with the traffic of all of it."""
    given = [one for one in whole if one.name in _GIVEN_NAMES or is_given(one)]
    kept = [one for one in first if not is_given(one)]
    return FittedValues(tuple(kept)).plus(*given)


def is_given(value: FittedValue) -> bool:
    """Return whether a back-test takes a value from the part that it predicts."""
    return any(path.startswith(_GIVEN) for path in value.sets)


def _compared(
    text: str,
    values: FittedValues,
    recorded: ObservedPart,
    span_ns: tuple[int, int],
    runs: BackTestRuns,
) -> ComparedPart:
    with TemporaryDirectory(prefix="simcoalesce-") as folder:
        drawn = tuple(replace(one, uncertain=()) for one in values)
        scenario = fitted_scenario(FittedValues(drawn)).load(Path(folder))
        return compared(text, scenario, recorded, span_ns, runs)


def compared(
    text: str,
    scenario: Scenario,
    recorded: ObservedPart,
    span_ns: tuple[int, int],
    runs: BackTestRuns,
) -> ComparedPart:
    """Simulate a scenario, and put a part of it beside what a log recorded.

    Args:
        text: What it is called.
        scenario: With the traffic of the whole log.
        recorded: What the log recorded in the part.
        span_ns: From when to when the part lasts.
        runs: How many runs, under seeds from 1 on, and who is told of each.
    """
    parts = []
    for seed in range(1, runs.replications + 1):
        outcomes = run(scenario, seed=seed, repeats=runs.replications)
        parts.append(simulated_part(outcomes, *span_ns))
        runs.one_done()
    return ComparedPart(text, recorded, tuple(parts))


def _notes(events: CacheEvents) -> Iterator[str]:
    yield "Who came, and when the origin was down, is taken from the log."
    if events.in_background.any():
        yield (
            "An expired answer counts as given at once: nginx writes its line when the"
            " refresh behind it has ended."
        )
