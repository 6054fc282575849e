"""Solving: the value of a parameter from which on a claim is met."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from simcoalesce.experiment.estimate import Estimate
from simcoalesce.experiment.metric_values import metric_values
from simcoalesce.experiment.traffic_cache import TrafficCache
from simcoalesce.metrics.claim import Claim, Truth
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.scenario import Scenario

Ending = Literal["found", "always", "never", "undecided"]
"""Between two values of the range; on the whole range; nowhere; nobody can tell."""

_DIGITS: Final = 4
_INSIDE: Final = (0.25, 0.5, 0.75)
"""Where to look too before it is said that no value will do."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One value that was tried.

    Attributes:
        value: In the words of a scenario.
        estimate: The metric there.
        truth: Whether the whole 95 % interval meets the claim, or no part of it.
    """

    value: str
    estimate: Estimate
    truth: Truth


@dataclass(frozen=True)
class Solution:
    """What was found.

    Attributes:
        claim: What was wanted.
        key: The parameter.
        ending: How the search ended.
        meets: The value nearest to the change that meets the claim; None without one.
        fails: The value nearest to it that does not.
        trials: All values that were tried, in that order.
    """

    claim: Claim
    key: str
    ending: Ending
    meets: Trial | None
    fails: Trial | None
    trials: tuple[Trial, ...]


def solve(  # noqa: PLR0913 - what a search is made of
    scenario: Scenario,
    claim: Claim | str,
    axis: Axis | str,
    *,
    tolerance_ratio: float = 0.01,
    seed: int | None = None,
    replications: int | None = None,
    on_trial: Callable[[Trial], None] | None = None,
) -> Solution:
    """Return where along a range a claim begins or ceases to be met, by bisection.

    Every value is tried under the same seeds, so that the same clients decide. The
    claim must change once over the range, as it does where the metric is monotone; the
    trials show if it does not.

    Args:
        scenario: What to simulate.
        claim: What is wanted, e.g. ``origin_hits <= 50``.
        axis: The parameter and its range, e.g. ``kv.write_latency=0ms..2s``.
        tolerance_ratio: How near the two values come: this share of the range.
        seed: Seed of the first replication; the scenario's own if absent.
        replications: How many runs of each value; the scenario's number if absent.
        on_trial: Called after each value.

    Raises:
        ValueError: If the axis has no range, or a value makes the scenario invalid.
    """
    claim = Claim.parse(claim) if isinstance(claim, str) else claim
    axis = Axis.parse(axis) if isinstance(axis, str) else axis
    if not axis.low:
        raise ValueError(
            f"{axis.key}: write the range to search, e.g. {axis.key}=0ms..2s"
        )
    key, metric, traffic_cache = axis.key, claim.metric, TrafficCache()

    def measure(value: str) -> Estimate:
        point = scenario.with_overrides(f"{key}={value}")
        measured = metric_values(
            point, seed=seed, replications=replications, traffic_cache=traffic_cache
        )
        return measured.estimate(metric)

    return _solved(claim, axis, measure, tolerance_ratio, on_trial)


def _solved(
    claim: Claim,
    axis: Axis,
    measure: Callable[[str], Estimate],
    tolerance_ratio: float,
    on_trial: Callable[[Trial], None] | None,
) -> Solution:
    trials: list[Trial] = []

    def at(share: float) -> Trial:
        value = axis.at(share, digits=_DIGITS)
        trial = _trial(value, measure(value), claim)
        trials.append(trial)
        if on_trial is not None:
            on_trial(trial)
        return trial

    ends = {share: at(share) for share in (0.0, 1.0)}
    ending = _ending([*ends.values()])
    if ending == "never":
        ends |= {share: at(share) for share in _INSIDE}
        ending = _ending([*ends.values()])
    if ending != "found":
        return Solution(claim, axis.key, ending, None, None, tuple(trials))
    meets, fails = _bisected(ends, at, tolerance_ratio)
    return Solution(claim, axis.key, ending, meets, fails, tuple(trials))


def _ending(trials: Sequence[Trial]) -> Ending:
    truths = {trial.truth for trial in trials}
    if truths == {"holds"}:
        return "always"
    if truths == {"fails"}:
        return "never"
    return "found" if "holds" in truths else "undecided"


def _bisected(
    ends: Mapping[float, Trial], at: Callable[[float], Trial], tolerance_ratio: float
) -> tuple[Trial, Trial]:
    """Return the nearest values that meet a claim and that do not."""
    met = next(share for share, trial in ends.items() if trial.truth == "holds")
    unmet = next(share for share, trial in ends.items() if trial.truth != "holds")
    meets, fails = ends[met], ends[unmet]
    while abs(met - unmet) > tolerance_ratio:
        middle = (met + unmet) / 2
        trial = at(middle)
        if trial.value in {meets.value, fails.value}:
            break
        if trial.truth == "holds":
            met, meets = middle, trial
        else:
            unmet, fails = middle, trial
    return meets, fails


def _trial(value: str, known: Estimate, claim: Claim) -> Trial:
    if known.mean is None or known.reason is not None:
        return Trial(value, known, "open")
    low = known.mean if known.low is None else known.low
    high = known.mean if known.high is None else known.high
    return Trial(value, known, claim.truth(low, high))
