"""Hypotheses about an incident, and the contradictions in its report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contradiction:
    """An observation that is false if all others are taken as they stand.

    Attributes:
        text: The observation.
        against: Each other observation without which it would be true.
    """

    text: str
    against: tuple[str, ...]


@dataclass(frozen=True)
class Adjustment:
    """A change of one parameter.

    Attributes:
        parameter: Its kind.
        setting: Its new value: a factor, a number or a share. It is as round as the
            range allows.
        text: The change in words, as a clause, with the range.
        low, high: The range of settings that explain the observations as well, if
            nothing else is changed; None where it was not searched, as for a choice.
    """

    parameter: str
    setting: float
    text: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class DistinguishingMetric:
    """A metric that tells two hypotheses apart.

    Attributes:
        metric: Its name; no observation is about it.
        here: Its mean under this hypothesis; None if it does not exist.
        there: Under the other one.
    """

    metric: str
    here: float | None
    there: float | None


@dataclass(frozen=True)
class Hypothesis:
    """What may have happened instead of what was reported.

    Attributes:
        adjustments: How it differs from the report.
        deviation: How far it is from the report; see ``Candidates``.
        unexplained: The observations that are false nevertheless.
        told_apart_by: The metrics that differ most from those of the first hypothesis;
            for the first one, from those of the second.
    """

    adjustments: tuple[Adjustment, ...]
    deviation: float
    unexplained: tuple[str, ...]
    told_apart_by: tuple[DistinguishingMetric, ...] = ()


@dataclass(frozen=True)
class Consistency:
    """Whether all of a report can be true at once.

    Attributes:
        unexplained: The observations that are false if all others are taken as true.
        contradictions: What each of them contradicts.
        hypotheses: Those that explain all observations, the smallest deviation first,
            and for each other mechanism that can explain them the best one; if there
            is none, the one with the smallest discrepancy.
    """

    unexplained: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]
    hypotheses: tuple[Hypothesis, ...]
