"""Solving: the value of a parameter from which on a condition holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal, NamedTuple

from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.statement import Evaluation, Statement
from simcoalesce.conditions.truth import Truth
from simcoalesce.experiment.metric_values import MetricValues, metric_values
from simcoalesce.experiment.traffic_cache import TrafficCache
from simcoalesce.metrics.expectation import EXPECTED
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.scenario import Scenario

SearchOutcome = Literal["found", "always", "never", "undecided"]
"""The condition changes between two values of the range; it holds on the whole range,
or nowhere; or the seeds do not decide."""

_DIGITS: Final = 4
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
    """

    wanted: Condition
    key: str
    outcome: SearchOutcome
    meets: Trial | None
    fails: Trial | None
    trials: tuple[Trial, ...]


def solve(  # noqa: PLR0913 - what a search is made of
    scenario: Scenario,
    wanted: Condition | str,
    axis: Axis | str,
    *,
    tolerance_ratio: float = 0.01,
    seed: int | None = None,
    replications: int | None = None,
    rare_ratio: float | None = None,
    on_trial: Callable[[Trial], None] | None = None,
) -> Solution:
    """Return where along a range a condition begins or ceases to hold, by bisection.

    Every value is tried under the same seeds. The condition must change once over the
    range, as where the metric is monotone; the trials show if it does not.

    Args:
        scenario: What to simulate.
        wanted: A condition, e.g. ``origin_hits <= 50``.
        axis: The parameter and its range, e.g. ``kv.write_latency=0ms..2s``.
        tolerance_ratio: How near the two values come: this share of the range.
        seed: Seed of the first replication; the scenario's own if absent.
        replications: How many runs of each value; the scenario's number if absent.
        rare_ratio: As for `Statement.evaluation`.
        on_trial: Called after each value.

    Raises:
        ValueError: If the axis has no range, or a value makes the scenario invalid.

    Example:
        >>> sale = Scenario.load("scenarios/flash-sale-9pm.yaml")
        >>> solve(sale, "errors == 0", "kv.ttl=30s..5m", replications=2).meets.value
        '61.64s'
    """
    wanted, searched = EXPECTED.condition(wanted), _range_of(axis)
    traffic_cache, trials = TrafficCache(), dict[str, Trial]()
    measure = partial(metric_values, seed=seed, replications=replications)

    def at(share: float) -> Trial:
        value = searched.at(share, digits=_DIGITS)
        if value in trials:
            return trials[value]
        point = scenario.with_overrides(f"{searched.key}={value}")
        measured = measure(point, traffic_cache=traffic_cache)
        trials[value] = Trial(value, evaluation_of(wanted, measured, rare_ratio))
        if on_trial is not None:
            on_trial(trials[value])
        return trials[value]

    return _searched(wanted, searched.key, at, tolerance_ratio)


def _range_of(axis: Axis | str) -> Axis:
    searched = Axis.parse(axis) if isinstance(axis, str) else axis
    if not searched.low:
        key = searched.key
        raise ValueError(f"{key}: write the range to search, e.g. {key}=0ms..2s")
    return searched


def _searched(
    wanted: Condition, key: str, at: Callable[[float], Trial], tolerance_ratio: float
) -> Solution:
    tried = {share: at(share) for share in (0.0, 1.0)}
    if _outcome(tried) == "never":
        tried |= {share: at(share) for share in _INSIDE}
    outcome, meets, fails = _outcome(tried), None, None
    if outcome == "found":
        meets, fails = _bisected(tried, at, tolerance_ratio)
    trials = {trial.value: trial for trial in tried.values()}
    return Solution(wanted, key, outcome, meets, fails, tuple(trials.values()))


def _outcome(tried: Mapping[float, Trial]) -> SearchOutcome:
    truths = {trial.truth for trial in tried.values()}
    if truths == {"holds"}:
        return "always"
    if truths == {"fails"}:
        return "never"
    return "found" if "holds" in truths else "undecided"


def _bisected(
    tried: dict[float, Trial], at: Callable[[float], Trial], tolerance_ratio: float
) -> tuple[Trial, Trial]:
    """Return the nearest values that meet a condition and that do not."""
    met = next(share for share, trial in tried.items() if trial.truth == "holds")
    unmet = next(share for share, trial in tried.items() if trial.truth != "holds")
    while abs(met - unmet) > tolerance_ratio:
        middle = (met + unmet) / 2
        trial = tried[middle] = at(middle)
        if trial.value in {tried[met].value, tried[unmet].value}:
            break
        met, unmet = (middle, unmet) if trial.truth == "holds" else (met, middle)
    return tried[met], tried[unmet]


def evaluation_of(
    condition: Condition, measured: MetricValues, rare_ratio: float | None = None
) -> Evaluation:
    """Return what decides a condition in a search.

    A single run is its own interval; what is missing in some runs is undecided.
    """

    def known(statement: Statement) -> Estimate:
        one = measured.subject(statement)
        is_alone = one.n == 1 and one.over_runs is None and one.mean is not None
        return replace(one, low=one.mean, high=one.mean) if is_alone else one

    found = condition.evaluation(known, rare_ratio)
    is_missing = found.reason and found.known.over_runs is None
    return found._replace(truth="undecided") if is_missing else found
