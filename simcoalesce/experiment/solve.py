"""Solving: the value of a parameter from which on a condition holds."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Literal, NamedTuple

from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.statement import Evaluation, Statement
from simcoalesce.conditions.truth import Truth
from simcoalesce.experiment.metric_values import MetricValues, metric_values
from simcoalesce.experiment.result import SCHEMA_VERSION, tool
from simcoalesce.experiment.traffic_cache import TrafficCache
from simcoalesce.metrics.expectation import EXPECTED
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.round_range import RoundRange
from simcoalesce.scenario.scenario import Scenario

SearchOutcome = Literal["found", "always", "never", "undecided"]
"""The condition changes between two values of the range; it holds on the whole range,
or nowhere; or the seeds do not decide."""

_INSIDE: Final = (0.25, 0.5, 0.75)
"""Where to look too before it is said that no value will do."""


class Trial(NamedTuple):
    """A value that was tried, as a scenario writes it, and what decides there."""

    value: str
    evaluation: Evaluation

    @property
    def truth(self) -> Truth:
        """Whether the condition holds there."""
        return self.evaluation.truth

    def document(self) -> dict[str, Any]:
        """Return the trial as ``solve --json`` shows it."""
        known, reach = self.evaluation.known, self.evaluation.reach
        return {
            "value": self.value,
            "truth": self.truth,
            "mean": known.mean,
            "ci95": known.ci95,
            "reason": self.evaluation.reason,
            "replications_to_decide": self.evaluation.replications_to_decide,
            "reach": reach.document() if reach else None,
        }


@dataclass(frozen=True)
class Solution:
    """What was found.

    Attributes:
        wanted: What was wanted.
        key: The parameter.
        outcome: What the search found.
        meets: The value nearest to the change that meets it; None without one.
        fails: The value nearest to it that does not, or is undecided.
        trials: All values that were tried, in that order.
        undecided: The trials next to what meets it that are undecided, going up.
        refuted: The nearest value that fails for certain; None without one.
    """

    wanted: Condition
    key: str
    outcome: SearchOutcome
    meets: Trial | None
    fails: Trial | None
    trials: tuple[Trial, ...]
    undecided: tuple[Trial, ...] = ()
    refuted: Trial | None = None

    @property
    def replications_to_decide(self) -> int | None:
        """How many runs would decide all that is undecided; None if nobody knows."""
        needed = [one.evaluation.replications_to_decide for one in self.undecided]
        return max(filter(None, needed)) if needed and all(needed) else None

    @property
    def no_verdict(self) -> str:
        """Why nothing follows from runs that left it undecided; empty if something."""
        reasons = [
            one.evaluation.reason
            for one in self.trials
            if self.outcome == "undecided" and not one.evaluation.has_verdict
        ]
        return "; ".join(dict.fromkeys(filter(None, reasons)))

    def document(self) -> dict[str, Any]:
        """Return what was found as plain values: the contract of ``solve --json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": tool(),
            "goal": str(self.wanted),
            "key": self.key,
            "outcome": self.outcome,
            "no_verdict": self.no_verdict or None,
            "meets": self.meets.value if self.meets else None,
            "fails": self.fails.value if self.fails else None,
            "refuted": self.refuted.value if self.refuted else None,
            "undecided": self._undecided_values(),
            "trials": [trial.document() for trial in self.trials],
        }

    def _undecided_values(self) -> dict[str, Any] | None:
        if not self.undecided:
            return None
        return {
            "from": self.undecided[0].value,
            "to": self.undecided[-1].value,
            "replications_to_decide": self.replications_to_decide,
        }


def solve(  # noqa: PLR0913 - what a search is made of
    scenario: Scenario,
    wanted: Condition | str,
    axis: Axis | str,
    *,
    tolerance_ratio: float = 0.01,
    seed: int | None = None,
    replications: int | None = None,
    rare_ratio: float | None = None,
    on_run: Callable[[int, int], None] | None = None,
    on_trial: Callable[[Trial], None] | None = None,
) -> Solution:
    """Return where along a range a condition begins or ceases to hold, by bisection.

    Values are round, their seeds the same. It must change once; the trials tell.

    Args:
        scenario: What to simulate.
        wanted: A condition, e.g. ``origin_hits <= 50``.
        axis: The parameter and its range, e.g. ``kv.write_latency=0ms..2s``.
        tolerance_ratio: How near two values come: this share of the range.
        seed: Seed of the first replication; the scenario's own if absent.
        replications: How many runs of each value; the scenario's number if absent.
        rare_ratio: As for `Statement.evaluation`.
        on_run: Called after each run of a value: how many of them are done.
        on_trial: Called after each value.

    Raises:
        ValueError: If the axis has no range, or a value makes the scenario invalid.

    Example:
        >>> sale = Scenario.load("scenarios/flash-sale-9pm.yaml")
        >>> solve(sale, "errors == 0", "kv.ttl=30s..5m", replications=2).meets.value
        '62s'
    """
    wanted, trials = EXPECTED.condition(wanted), dict[str, Trial]()
    scenario = scenario.with_metrics(*wanted.names)
    searched = RoundRange(_range_of(axis), tolerance_ratio)
    measure = partial(metric_values, seed=seed, replications=replications)
    measure = partial(measure, traffic_cache=TrafficCache(), on_replication=on_run)

    def at(value: str) -> Trial:
        if value not in trials:
            measured = measure(scenario.with_overrides(f"{searched.axis.key}={value}"))
            trials[value] = Trial(value, evaluation_of(wanted, measured, rare_ratio))
            if on_trial is not None:
                on_trial(trials[value])
        return trials[value]

    return _Search(wanted, searched, at).solution()


def _range_of(axis: Axis | str) -> Axis:
    searched = Axis.parse(axis) if isinstance(axis, str) else axis
    if not searched.low:
        key = searched.key
        raise ValueError(f"{key}: write the range to search, e.g. {key}=0ms..2s")
    return searched


@dataclass(frozen=True)
class _Search:
    """A search along a range, and the trials by their share of it."""

    wanted: Condition
    searched: RoundRange
    at: Callable[[str], Trial]
    tried: dict[float, Trial] = field(default_factory=dict)

    def solution(self) -> Solution:
        """Look at the ends, then between them."""
        self._try(0.0, 1.0)
        if _outcome(self.tried) == "never":
            self._try(*_INSIDE)
        found = Solution(
            self.wanted, self.searched.axis.key, _outcome(self.tried), None, None, ()
        )
        if found.outcome == "found":
            found = self._with_neighbours(found)
        return replace(found, trials=tuple(self.tried.values()))

    def _try(self, *shares: float) -> None:
        for value in map(self.searched.at, shares):
            self.tried[self.searched.share(value)] = self.at(value)

    def _with_neighbours(self, found: Solution) -> Solution:
        """Return what is found with the trials on both sides of the change."""
        begins = next(s for s, trial in self.tried.items() if trial.truth == "holds")
        ends = next(s for s, trial in self.tried.items() if trial.truth != "holds")
        met, unmet = self._bisected(begins, ends, {"holds"})
        refuted = None
        if self.tried[unmet].truth == "fails":
            refuted = unmet
        elif fails := self._fails_between(ends, unmet):
            nearest = min(fails, key=lambda share: abs(share - unmet))
            refuted = self._bisected(unmet, nearest, {"holds", "undecided"})[1]
        low, high = sorted((met, ends if refuted is None else refuted))
        between = [s for s in sorted(self.tried) if low <= s <= high]
        unknown = [self.tried[s] for s in between]
        return replace(
            found,
            meets=self.tried[met],
            fails=self.tried[unmet],
            undecided=tuple(one for one in unknown if one.truth == "undecided"),
            refuted=None if refuted is None else self.tried[refuted],
        )

    def _fails_between(self, one: float, other: float) -> list[float]:
        low, high = sorted((one, other))
        found = ((share, trial.truth) for share, trial in self.tried.items())
        return [s for s, truth in found if truth == "fails" and low <= s <= high]

    def _bisected(
        self, met: float, unmet: float, wanted: Collection[Truth]
    ) -> tuple[float, float]:
        """Return the nearest shares with one of some truths, and with another."""
        while abs(met - unmet) > self.searched.tolerance_ratio:
            value = self.searched.at((met + unmet) / 2)
            middle = self.searched.share(value)
            if not min(met, unmet) < middle < max(met, unmet):
                break
            trial = self.tried[middle] = self.at(value)
            met, unmet = (middle, unmet) if trial.truth in wanted else (met, middle)
        return met, unmet


def _outcome(tried: Mapping[float, Trial]) -> SearchOutcome:
    truths = {trial.truth for trial in tried.values()}
    if truths == {"holds"}:
        return "always"
    if truths == {"fails"}:
        return "never"
    return "found" if "holds" in truths else "undecided"


def evaluation_of(
    condition: Condition, measured: MetricValues, rare_ratio: float | None = None
) -> Evaluation:
    """Return what decides a condition in a search.

    A single run is its own interval; what is missing in some runs is undecided, and so
    is all of runs from which nothing follows.
    """

    def known(statement: Statement) -> Estimate:
        one = measured.subject(statement)
        is_alone = one.n == 1 and one.over_runs is None and one.mean is not None
        return replace(one, low=one.mean, high=one.mean) if is_alone else one

    found = condition.evaluation(known, rare_ratio).unless(measured.no_verdict)
    is_missing = found.reason and found.known.over_runs is None
    return found._replace(truth="undecided") if is_missing else found
